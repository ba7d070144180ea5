namespace SpGpu.Peers.Engines;

/// <summary>
/// This program once more, with an ONNX Runtime in it that takes AVX-512 for missing. The library has no switch; but everywhere it
/// asks the processor for AVX-512F it asks next whether the operating system keeps the registers' upper halves (bits 5 to 7 of
/// XCR0, inverted). In the copy it asks for bit 3, which no processor in use has (MPX), and goes on with AVX2.
/// </summary>
internal static class OnnxRuntimeHeld
{
    private const byte Registers = 0xE0, Missing = 0x08;

    /// <summary>Bytes between the two questions, at most: a jump, and the inverted bits.</summary>
    private const int Between = 24;

    /// <summary>Copies the program into a folder; for x64 and Linux alone.</summary>
    /// <returns>Whether the library asks; otherwise it is another one than was looked at, and nothing was changed.</returns>
    public static bool CopyTo(string folder)
    {
        int changed = 0;
        // As it was built libraries of every system lie in folders of their own; as it was published, that of this one beside it.
        foreach (string part in new[] { "", Path.Combine("runtimes", "linux-x64", "native") })
        {
            string from = Path.Combine(AppContext.BaseDirectory, part), to = Path.Combine(folder, part);
            foreach (string file in Directory.Exists(from) ? Directory.GetFiles(from) : [])
            {
                Directory.CreateDirectory(to);
                string copy = Path.Combine(to, Path.GetFileName(file));
                File.Copy(file, copy);
                if (Path.GetFileName(file) != "libonnxruntime.so")
                    continue;
                byte[] code = File.ReadAllBytes(copy);
                changed += WithoutAvx512(code);
                File.WriteAllBytes(copy, code);
            }
        }
        return changed > 0;
    }

    /// <summary>Changes every <c>test r32, 0x10000</c> (AVX512F of CPUID 7) with <c>test al, 0xE0</c> close behind it.</summary>
    private static int WithoutAvx512(Span<byte> code)
    {
        ReadOnlySpan<byte> feature = [0x00, 0x00, 0x01, 0x00], registers = [0xA8, Registers];
        int changed = 0;
        for (int at = 2; code[at..].IndexOf(feature) is >= 0 and int next; at++)
        {
            at += next;
            if (code[at - 2] != 0xF7 || (code[at - 1] & 0xF8) != 0xC0)
                continue;
            Span<byte> behind = code.Slice(at + feature.Length, Math.Min(Between, code.Length - at - feature.Length));
            if (behind.IndexOf(registers) is >= 0 and int test)
            {
                behind[test + 1] = Missing;
                changed++;
            }
        }
        return changed;
    }
}

namespace SpGpu.PtxMachine.Text;

/// <summary>PTX that the machine does not take: it does not parse, or says what the machine does not know.</summary>
public sealed class PtxException(int line, string message) : Exception($"line {line}: {message}");

namespace SpGpu.Cli.Tests;

/// <summary>Gives at most 1000 bytes at a time and does not know how many there are, as a pipe does.</summary>
internal sealed class Pipe(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1000));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
}

using System.Globalization;

namespace SpGpu.PtxMachine.Execution;

/// <summary>A size or a place in three dimensions; x goes round first.</summary>
internal readonly record struct Size3(uint X, uint Y, uint Z)
{
    public long Count => (long)X * Y * Z;

    public Size3 At(long number) => new((uint)(number % X), (uint)(number / X % Y), (uint)(number / ((long)X * Y)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({X}, {Y}, {Z})");
}

namespace SpGpu.Checks;

/// <summary>Compares one element of an output of an operator with what a device computed.</summary>
internal delegate Finding Judge(int n, int c, int i, int j, float actual);

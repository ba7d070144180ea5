namespace SpGpu.Checks;

/// <summary>
/// One element of an output of an operator, computed by itself in double precision; (i, j) count from where the
/// operator starts to write.
/// </summary>
internal delegate Estimate Element(int n, int c, int i, int j);

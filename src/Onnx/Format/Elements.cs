namespace SpGpu.Onnx.Format;

/// <summary>Makes the elements of a tensor when they are written; they need not last longer.</summary>
internal delegate ReadOnlySpan<T> Elements<T>();

using SpGpu.Gpu;

namespace SpGpu.Onnx;

/// <summary>Adds a node for a step on the way and returns what its result is called.</summary>
internal delegate string InnerNode(string type, string step, string[] inputs, params (string, object)[] attributes);

/// <summary>A matrix decomposition as products of matrices N,1,rows,columns, every step written out.</summary>
internal sealed class DecompositionNodes(ModelBuilder model, InnerNode inner, MatrixDecomposition decomposition, Shape x)
{
    private readonly string _epsilon = model.Constant("decomposition_epsilon", [], () => [1e-6f]);

    /// <summary>Bases times coefficients, N,1,channels,pixels, of an input N,C,H,W.</summary>
    public string Write(string input)
    {
        string pixels = inner("Reshape", "matrix", [input, model.Extents(new Shape(x.N, 1, x.C, x.Plane))]);
        string bases = model.Tensor("bases", [1, 1, x.C, decomposition.Rank], () => decomposition.Bases(x.C));
        string similarities = Product(Transposed(bases, "bases_first"), pixels, "similarities");
        string coefficients = inner("Softmax", "coefficients", [similarities], ("axis", 2));
        for (int step = 0; step < decomposition.Steps; step++)
        {
            coefficients = Coefficients(bases, coefficients, pixels);
            string transposed = Transposed(coefficients, "coefficients_first");
            string fitted = Product(bases, Product(coefficients, transposed, "gram"), "fitted");
            bases = Improved(bases, Product(pixels, transposed, "weighted"), fitted);
        }
        return Product(bases, Coefficients(bases, coefficients, pixels), "product");
    }

    private string Coefficients(string bases, string coefficients, string pixels)
    {
        string transposed = Transposed(bases, "bases_first");
        string fitted = Product(Product(transposed, bases, "gram"), coefficients, "fitted");
        return Improved(coefficients, Product(transposed, pixels, "similarities"), fitted);
    }

    private string Improved(string old, string above, string below) =>
        inner("Div", "improved", [inner("Mul", "dividend", [old, above]), inner("Add", "divisor", [below, _epsilon])]);

    private string Product(string left, string right, string step) => inner("MatMul", step, [left, right]);

    private string Transposed(string matrix, string step) => inner("Transpose", step, [matrix], ("perm", (int[])[0, 1, 3, 2]));
}

using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights.PyTorch;

/// <summary>Pickles that attack or are broken, each inside a zip and inside a legacy checkpoint.</summary>
public class PickleTests
{
    /// <summary>A pickle by name, with a part of the message that it must end in.</summary>
    private static readonly Dictionary<string, (byte[] Pickle, string Problem)> _broken = new()
    {
        ["os.system"] = (Start().Global("os", "system").Op("(").Text("true").Op("tR").Stop(), "'os.system', which has no place"),
        ["posix.system"] = (Start().Global("posix", "system").Stop(), "was not executed"),
        ["builtins.eval"] = (Start().Global("builtins", "eval").Stop(), "'builtins.eval'"),
        ["torch.load"] = (Start().Global("torch", "load").Stop(), "'torch.load'"),
        ["nested name"] = (Start().Global("collections", "OrderedDict.__init__.__globals__").Stop(), "was not executed"),
        ["whole module"] = (Start().Global("models.spnet", "SPNet").Op(")").Raw(0x81).Stop(), "torch.save(model.state_dict(), file)"),
        ["module reference"] = (Start().Op("(").Text("module").Op("tQ").Stop(), "a whole module"),
        ["name without end"] = (Start().Op("c" + new string('a', 300)).Stop(), "cannot be one"),
        ["name with line break"] = (Start().Op("ca\rb\nc\n").Stop(), "cannot be one"),
        ["protocol 0"] = ([.. "(dp0\n."u8], "does not start with its protocol"),
        ["protocol 3"] = ([0x80, 3, (byte)'}', (byte)'.'], "protocol 3"),
        ["protocol 4"] = ([0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'}', (byte)'.'], "protocol 4"),
        ["STACK_GLOBAL"] = (Start().Text("os").Text("system").Raw(0x93).Stop(), "0x93"),
        ["INST"] = (Start().Op("(ios\nsystem\n").Stop(), "0x69"),
        ["OBJ"] = (Start().Op("(o").Stop(), "0x6f"),
        ["EXT1"] = (Start().Raw(0x82, 1).Stop(), "0x82"),
        ["POP"] = (Start().Op("}0").Stop(), "0x30"),
        ["second protocol"] = (Start().Raw(0x80, 2).Op("}").Stop(), "0x80"),
        ["TUPLE without mark"] = (Start().Op("Nt").Stop(), "mark that was not set"),
        ["SETITEMS without mark"] = (Start().Op("}u").Stop(), "mark that was not set"),
        ["empty stack"] = (Start().Raw(0x85).Stop(), "where there is none"),
        ["taking past a mark"] = (Start().Op("N(").Raw(0x85).Stop(), "where there is none"),
        ["remembering nothing"] = (Start().Op("q\0").Stop(), "where there is none"),
        ["nothing at the end"] = (Start().Stop(), "does not end with one value"),
        ["two values at the end"] = (Start().Op("}}").Stop(), "does not end with one value"),
        ["mark at the end"] = (Start().Op("}(").Stop(), "does not end with one value"),
        ["unset memo"] = (Start().Op("h\x07").Stop(), "recalls value 7"),
        ["huge memo index"] = (Start().Op("}r").UInt32(uint.MaxValue).Stop(), "4294967295"),
        ["4 GB text"] = (Start().Op("X").UInt32(uint.MaxValue).Stop(), "a text of 4294967295 bytes"),
        ["text past the end"] = (Start().Op("X").UInt32(1 << 20).Stop(), "ends too early"),
        ["broken UTF-8"] = (Start().Op("X").UInt32(2).Raw(0xC0, 0x80).Stop(), "not UTF-8"),
        ["SETITEM on a list"] = (Start().Op("]NNs").Stop(), "sets an item of a list"),
        ["SETITEMS on a tuple"] = (Start().Op(")(NNu").Stop(), "sets an item of a tuple"),
        ["key without value"] = (Start().Op("}(NNNu").Stop(), "a key without a value"),
        ["long key"] = (Start().Op("}").Text(new string('k', 2000)).Op("Ns").Stop(), "uses a text as a key"),
        ["list as a key"] = (Start().Op("}]Ns").Stop(), "uses a list as a key"),
        ["key twice"] = (Start().Op("}").Text("k").Op("Ns").Text("k").Op("Ns").Stop(), "'k' twice"),
        ["APPEND on a dictionary"] = (Start().Op("}Na").Stop(), "appends to a dictionary"),
        ["BUILD on a list"] = (Start().Op("]}b").Stop(), "gives a list attributes"),
        ["BUILD on a plain dictionary"] = (Start().Op("}}b").Stop(), "gives a dictionary attributes"),
        ["BUILD with a tuple"] = (Start().Global("collections", "OrderedDict").Op(")R)b").Stop(), "attributes"),
        ["REDUCE of a text"] = (Start().Text("os.system").Op(")R").Stop(), "calls a text"),
        ["REDUCE with a list"] = (Start().Global("collections", "OrderedDict").Op("]R").Stop(), "with a list"),
        ["REDUCE of a storage class"] = (Start().Global("torch", "FloatStorage").Op(")R").Stop(), "do not fit it"),
        ["rebuilding from numbers"] = (Start().Global("torch._utils", "_rebuild_tensor_v2").Op("(K\0K\0K\0K\0tR").Stop(), "do not fit it"),
        ["a parameter of a text"] =
            (Start().Global("torch._utils", "_rebuild_parameter").Op("(").Text("x").Op("tR").Stop(), "do not fit it"),
        ["reference that is no tuple"] = (Start().Text("storage").Op("Q").Stop(), "not a storage"),
        ["reference with negative count"] = (Start().Storage("0", -1).Stop(), "not a storage"),
        ["reference with count 2^63"] = (Start().Storage("0", (Int128)1 << 63).Stop(), "not a storage"),
        ["reference with count 2^62"] = (Start().Storage("0", (Int128)1 << 62).Stop(), "not a storage"),
        ["unknown storage"] = (Start().Storage("0", 1, "ComplexFloatStorage").Stop(), "'torch.ComplexFloatStorage'"),
        ["10^6 nested tuples"] = (Start().Op(")").Repeat(1_000_000, 0x85).Stop(), "more than 64 levels"),
        ["10^6 open marks"] = (Start().Repeat(1_000_000, (byte)'(').Stop(), "larger than that of any checkpoint"),
        ["10^6 values"] = (Start().Repeat(1_000_000, (byte)'N').Stop(), "larger than that of any checkpoint"),
        ["10^5 nested lists"] = (Start().Repeat(100_000, (byte)']').Repeat(99_999, (byte)'a').Stop(), "more than 64 levels"),
        ["dictionary in itself"] = (Start().Op("}q\0").Text("state_dict").Op("h\0s").Stop(), "no tensors lie"),
        ["a list"] = (Start().Op("]").Stop(), "holds a list where a state dict"),
        ["None"] = (Start().Op("N").Stop(), "holds None"),
        ["an empty state dict"] = (Start().Op("}").Stop(), "its top has nothing"),
        ["only an epoch"] = (Start().Op("}").Text("epoch").Op("K\x03s").Stop(), "its top has 'epoch'"),
        ["a tensor without a name"] = (Start().Op("}K\x07").Tensor("0", 0, 0, [0], [1]).Op("s").Stop(), "has no name"),
    };

    public static TheoryData<string> Names => [.. _broken.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_inside_a_zip(string name) =>
        Assert.Contains(_broken[name].Problem, Refusal.Of(PickleBuilder.Zip(_broken[name].Pickle, ("0", []))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_inside_a_legacy_file(string name) =>
        Assert.Contains(_broken[name].Problem, Refusal.Of(PickleBuilder.Legacy(_broken[name].Pickle, Storages(name))));

    [Fact]
    public void Memory_stays_small_for_each()
    {
        foreach ((string name, (byte[] pickle, _)) in _broken)
        {
            byte[] file = PickleBuilder.Zip(pickle);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refusal.Of(file);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 16 << 20, $"{name} took {allocated} bytes");
        }
    }

    [Fact]
    public void Cycles_and_values_shared_many_times_over_are_walked_once()
    {
        // Each pair holds the one before twice: 2^50 ways lead to the first.
        PickleBuilder pickle = Start().Op("}q\0").Text("self").Op("h\0s").Text("pairs").Op("]q\x01");
        for (byte i = 1; i <= 50; i++)
            pickle.Op("h").Raw(i).Raw(0x86).Op("q").Raw((byte)(i + 1));
        pickle.Op("s").Text("w").Tensor("0", 1, 0, [1], [1]).Op("s");
        byte[] file = PickleBuilder.Zip(pickle.Stop(), ("0", PickleBuilder.Floats(2)));
        Assert.Equal(["w"], Reading.Checkpoint(file, "memory").Names);
    }

    [Fact]
    public void Harmless_company_of_a_state_dict_is_read_over()
    {
        byte[] pickle = Start().Op("}(")
            .Text("net").Op("}").Text("w").Tensor("0", 1, 0, [1], [1]).Op("s")
            .Text("epoch").Integer(7)
            .Text("milestones").Global("collections", "Counter").Op("}K\x1eK\x01s").Raw(0x85).Op("R")
            .Text("size").Global("torch", "Size").Integers(1, 2).Raw(0x85).Op("R")
            .Text("device").Global("torch", "device").Text("cuda").Op("K\0").Raw(0x86).Op("R")
            .Text("type").Global("torch", "float32")
            .Text("set").Global("builtins", "set").Op("](K\u0001e").Raw(0x85).Op("R")
            .Text("bytes").Global("_codecs", "encode").Text("x").Text("latin1").Raw(0x86).Op("R")
            .Text("loss").Op("G").Raw(0x3F, 0xF8, 0, 0, 0, 0, 0, 0)
            .Text("pairs").Global("collections", "OrderedDict").Op("]](").Text("k").Op("Nea").Raw(0x85).Op("R")
            .Op("u").Stop();
        using var checkpoint = WeightsFile.Open(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(2))), "memory");
        Assert.Equal(7, checkpoint.Epoch);
        Assert.Equal([2f], checkpoint.Load("w").Floats);
    }

    [Fact]
    public void Every_form_of_number_text_and_reference_is_read()
    {
        byte[] pickle = Start().Op("}(")
            .Op("U\u0005epochJ").UInt32(unchecked((uint)-7))
            .Text("number").Op("M").Raw(1, 2).Op("r").UInt32(300)
            .Text("again").Op("j").UInt32(300)
            .Text("made").Global("collections", "OrderedDict").Op(")").Raw(0x81)
            .Text("set").Raw(0x8f)
            .Text("huge").Integer(Int128.MaxValue)
            .Text("w").Tensor("0", 1, 0, [1], [1])
            .Op("u").Stop();
        using var checkpoint = WeightsFile.Open(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(2))), "memory");
        Assert.Equal(-7, checkpoint.Epoch);
        Assert.Equal(["w"], checkpoint.Names);
    }

    [Fact]
    public void What_scripts_keep_beside_the_weights_is_passed_over()
    {
        PickleBuilder Bytes(PickleBuilder pickle, string text) =>
            pickle.Global("_codecs", "encode").Text(text).Text("latin1").Raw(0x86).Op("R");
        PickleBuilder Type(PickleBuilder pickle) => pickle.Global("numpy", "dtype").Text("f8").Raw(0x89, 0x88, 0x87).Op("R(K\u0003")
            .Text("<").Op("NNNJ").UInt32(uint.MaxValue).Op("J").UInt32(uint.MaxValue).Op("K\0tb");
        PickleBuilder begun = Start().Op("}(")
            .Text("w").Tensor("0", 1, 0, [1], [1])
            .Text("args").Global("argparse", "Namespace").Op(")").Raw(0x81).Op("}").Text("lr").Op("K\u0001sb")
            .Text("path").Global("pathlib", "PosixPath").Text("runs").Raw(0x85).Op("R")
            .Text("meters").Global("collections", "defaultdict").Global("__builtin__", "list").Raw(0x85).Op("R").Text("loss").Op("]s")
            .Text("scalar").Global("numpy.core.multiarray", "scalar");
        begun = Bytes(Type(begun), "\0\0\0\0\0\0ð?").Raw(0x86).Op("R").Text("array").Global("numpy.core.multiarray", "_reconstruct")
            .Global("numpy", "ndarray").Op("K\0").Raw(0x85);
        begun = Type(Bytes(begun, "b").Raw(0x87).Op("R(K\u0001K\u0001").Raw(0x85)).Raw(0x89);
        begun = Bytes(begun, "\0\0\0\0\0\0ð?").Op("tb").Text("time").Global("datetime", "datetime");
        byte[] pickle = Bytes(begun, "\u0007è").Raw(0x85).Op("R").Op("u").Stop();
        StateDict state = Reading.Model(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(2))), "memory");
        Assert.Equal(["w"], state.Names);
    }

    [Fact]
    public void A_value_that_is_no_dictionary_is_refused_with_the_way_to_the_tensors()
    {
        byte[] list = Start().Op("](").Op("K\u0001}").Text("w").Tensor("0", 1, 0, [1], [1]).Op("se").Stop();
        Assert.Contains("holds a list where a state dict is expected (the first tensor is '1/w')",
            Refusal.Of(PickleBuilder.Zip(list, ("0", PickleBuilder.Floats(2)))));
    }

    [Fact]
    public void Keys_made_to_collide_do_not_slow_it_down()
    {
        // The hash by .NET of each is 0: it is the exclusive or of the halves.
        PickleBuilder pickle = Start().Op("}");
        for (long half = 0; half < 100_000; half++)
            pickle.Raw(0x8a, 8).Raw(BitConverter.GetBytes(half << 32 | half)).Op("Ns");
        Assert.Contains("no tensors lie", Refusal.Of(PickleBuilder.Zip(pickle.Stop())));
    }

    [Fact]
    public void Dictionaries_made_of_one_list_again_and_again_are_refused()
    {
        PickleBuilder pickle = Start().Op("](");
        for (int i = 0; i < 1000; i++)
            pickle.Op("](").Integer(i).Op("Ne");
        pickle.Op("eq\0");
        for (int i = 0; i < 1000; i++)
            pickle.Global("collections", "OrderedDict").Op("h\0").Raw(0x85).Op("R");
        Assert.Contains("too many", Refusal.Of(PickleBuilder.Zip(pickle.Stop())));
    }

    [Fact]
    public void A_long_name_is_kept_and_shortened_in_messages()
    {
        string name = new('n', 1000);
        byte[] good = PickleBuilder.Zip(
            Start().Op("}").Text(name).Tensor("0", 1, 0, [1], [1]).Op("s").Stop(), ("0", PickleBuilder.Floats(2)));
        Assert.Equal([name], Reading.Model(good, "memory").Names);
        byte[] bad = PickleBuilder.Zip(Start().Op("}").Text(name).Op("Ns").Text(name).Op("Ns").Stop());
        Assert.InRange(Refusal.Of(bad).Length, 100, 400);
    }

    private static PickleBuilder Start() => PickleBuilder.Start();

    private static (string, long, byte[])[] Storages(string name) => name == "a tensor without a name" ? [("0", 0, [])] : [];
}

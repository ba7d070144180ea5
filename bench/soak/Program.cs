using SpGpu.Soak;

const string Usage = "usage: soak weights [--cases 1000000] [--seed 1] [--start 0], or soak train-kill [--cases 300] [--seed 1]";

if (args is not [("weights" or "train-kill") and var what, .. var options] || options.Length % 2 != 0)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
long cases = what == "weights" ? 1_000_000 : 300;
long seed = 1;
long start = 0;
for (int i = 0; i < options.Length; i += 2)
{
    if (!long.TryParse(options[i + 1], out long value) || value < 0)
    {
        Console.Error.WriteLine($"'{options[i + 1]}' is not a number from 0 up; {Usage}");
        return 2;
    }
    switch (options[i])
    {
        case "--cases":
            cases = value;
            break;
        case "--seed":
            seed = value;
            break;
        case "--start":
            start = value;
            break;
        default:
            Console.Error.WriteLine($"'{options[i]}' is not an option; {Usage}");
            return 2;
    }
}
return (what == "weights" ? WeightsSoak.Run(cases, (ulong)seed, start) : TrainKillSoak.Run(cases, (ulong)seed)) ? 0 : 1;

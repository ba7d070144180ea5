namespace SpGpu.PtxMachine.Program;

/// <summary>
/// Where lanes that took different ways meet again: the first instruction that all ways to the end go through. Dominators
/// of the graph turned round, after Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
/// </summary>
internal static class PostDominators
{
    /// <param name="successors">Of each instruction; the number of instructions stands for the end.</param>
    /// <returns>For each instruction the next that comes after it on all ways; the end, or -1 where no way leads there.</returns>
    public static int[] Of(IReadOnlyList<int[]> successors)
    {
        int end = successors.Count;
        int[] order = Order(successors);
        var next = new int[end + 1];
        Array.Fill(next, -1);
        next[end] = end;
        int[] byOrder = [.. Enumerable.Range(0, end).Where(n => order[n] >= 0).OrderBy(n => order[n])];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int node in byOrder)
            {
                int meeting = -1;
                foreach (int successor in successors[node])
                {
                    if (next[successor] >= 0)
                        meeting = meeting < 0 ? successor : Meet(meeting, successor, next, order);
                }
                changed |= meeting != next[node];
                next[node] = meeting;
            }
        }
        return next;
    }

    private static int Meet(int a, int b, int[] next, int[] order)
    {
        while (a != b)
        {
            while (order[a] > order[b])
                a = next[a];
            while (order[b] > order[a])
                b = next[b];
        }
        return a;
    }

    /// <summary>Numbers from the end backwards, each before those that can only be reached through it; -1 for the others.</summary>
    private static int[] Order(IReadOnlyList<int[]> successors)
    {
        int end = successors.Count;
        var before = new List<int>[end + 1];
        for (int node = 0; node <= end; node++)
            before[node] = [];
        for (int node = 0; node < end; node++)
        {
            foreach (int successor in successors[node])
                before[successor].Add(node);
        }
        var order = new int[end + 1];
        Array.Fill(order, -1);
        var seen = new bool[end + 1];
        var path = new Stack<(int Node, int Next)>([(end, 0)]);
        seen[end] = true;
        for (int number = end; path.Count > 0;)
        {
            (int node, int at) = path.Pop();
            if (at == before[node].Count)
            {
                order[node] = number--;
                continue;
            }
            path.Push((node, at + 1));
            int earlier = before[node][at];
            if (!seen[earlier])
            {
                seen[earlier] = true;
                path.Push((earlier, 0));
            }
        }
        return order;
    }
}

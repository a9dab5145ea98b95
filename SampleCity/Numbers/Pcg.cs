namespace GridMap.SampleCity.Numbers;

/// <summary>
/// PCG32 (O'Neill 2014, XSH-RR 64/32). Written out here because a city must come out the same, byte for byte, on every runtime;
/// System.Random promises that for no version but its own.
/// </summary>
public sealed class Pcg
{
    private const ulong Multiplier = 6364136223846793005UL;
    private readonly ulong increment;
    private ulong state;

    public Pcg(ulong seed, ulong stream)
    {
        increment = (stream << 1) | 1UL;
        state = 0;
        Next();
        state += Mix(seed);
        Next();
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        var old = state;
        state = unchecked(old * Multiplier + increment);
        var shifted = (uint)(((old >> 18) ^ old) >> 27);
        var turn = (int)(old >> 59);
        return (shifted >> turn) | (shifted << (-turn & 31));
    }

    /// <summary>Uniform in [0, 1), 32 bits of it.</summary>
    public double Unit() => Next() * (1.0 / 4294967296.0);

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + (high - low) * Unit();

    /// <summary>A whole number in [0, count); <paramref name="count"/> must be positive.</summary>
    public int Below(int count) => (int)(((ulong)Next() * (ulong)count) >> 32);

    /// <summary>A whole number in [low, high], both ends included.</summary>
    public int From(int low, int high) => low + Below(high - low + 1);

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The index of one of the weights, with probability in proportion to it.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var left = Unit() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }
        return weights.Length - 1;
    }

    /// <summary>Near to a normal deviate: the sum of four uniforms, standard deviation 1, never beyond ±3.47.</summary>
    public double Bell() => (Unit() + Unit() + Unit() + Unit() - 2.0) * 1.7320508075688772;

    /// <summary>SplitMix64's finaliser: spreads small seeds over all bits.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}

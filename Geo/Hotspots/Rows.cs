using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GridMap.Geo.Hotspots;

/// <summary>The two inner loops of smoothing, several cells at a time.</summary>
internal static class Rows
{
    /// <summary>target += scale × source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double scale)
    {
        source = source[..target.Length];
        var factor = new Vector<double>(scale);
        var targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        var sources = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (var i = 0; i < targets.Length; i++) targets[i] += factor * sources[i];
        for (var i = targets.Length * Vector<double>.Count; i < target.Length; i++) target[i] += scale * source[i];
    }

    /// <summary>
    /// target[i] = Σₖ taps[k] × source[i + k × stride], for every i of the target. Four vectors are summed in registers,
    /// so each tap costs loads only.
    /// </summary>
    public static void Convolve(Span<double> target, ReadOnlySpan<double> source, ReadOnlySpan<double> taps, int stride)
    {
        // The one check that makes the unchecked loads below safe.
        if (taps.Length > 0 && source.Length < target.Length + (long)(taps.Length - 1) * stride)
            throw new ArgumentException($"{source.Length} sources for {target.Length} targets and {taps.Length} taps");
        var width = Vector<double>.Count;
        ref var first = ref MemoryMarshal.GetReference(source);
        var i = 0;
        for (; i + 4 * width <= target.Length; i += 4 * width)
        {
            Vector<double> a = default, b = default, c = default, d = default;
            ref var at = ref Unsafe.Add(ref first, i);
            foreach (var tap in taps)
            {
                var factor = new Vector<double>(tap);
                a = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref at), a);
                b = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref at, (nuint)width), b);
                c = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref at, (nuint)(2 * width)), c);
                d = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref at, (nuint)(3 * width)), d);
                at = ref Unsafe.Add(ref at, stride);
            }

            a.CopyTo(target[i..]);
            b.CopyTo(target[(i + width)..]);
            c.CopyTo(target[(i + 2 * width)..]);
            d.CopyTo(target[(i + 3 * width)..]);
        }

        for (; i < target.Length; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < taps.Length; k++) sum += taps[k] * source[i + k * stride];
            target[i] = sum;
        }
    }
}

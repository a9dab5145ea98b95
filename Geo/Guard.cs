using System.Runtime.CompilerServices;

namespace GridMap.Geo;

/// <summary>The argument checks that the base library lacks: they refuse NaN and infinities, and say value and range.</summary>
internal static class Guard
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a finite number");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "must be a finite number above 0");

    public static double InRange(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= low && value <= high ? value : throw new ArgumentOutOfRangeException(name, value, $"must lie in [{low}, {high}]");

    public static int InRange(int value, int low, int high, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= low && value <= high ? value : throw new ArgumentOutOfRangeException(name, value, $"must lie in [{low}, {high}]");
}

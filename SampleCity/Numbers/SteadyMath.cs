namespace GridMap.SampleCity.Numbers;

/// <summary>
/// Sine, cosine, arc tangent and exponential from additions and multiplications only. The runtime takes its own from the C library of the
/// machine, whose last bits differ from one machine to the next. Good to about 1e-11, which is more than a drawing of a city needs.
/// </summary>
public static class SteadyMath
{
    public const double FullTurn = 2 * Math.PI;

    public static double Sin(double radians)
    {
        var x = radians - FullTurn * Math.Floor(radians / FullTurn + 0.5);          // [-pi, pi)
        if (x > Math.PI / 2) x = Math.PI - x;
        else if (x < -Math.PI / 2) x = -Math.PI - x;
        var square = x * x;
        var term = x;
        var sum = x;
        for (var n = 1; n <= 9; n++)
        {
            term *= -square / (2 * n * (2 * n + 1));
            sum += term;
        }
        return sum;
    }

    public static double Cos(double radians) => Sin(radians + Math.PI / 2);

    /// <summary>The angle of (x, y) in (-pi, pi]; 0 for the origin.</summary>
    public static double Atan2(double y, double x)
    {
        if (x == 0 && y == 0) return 0;
        var steep = Math.Abs(y) > Math.Abs(x);
        var ratio = steep ? x / y : y / x;
        var angle = Atan(ratio);
        if (steep) return (y > 0 ? Math.PI / 2 : -Math.PI / 2) - angle;
        if (x > 0) return angle;
        return y >= 0 ? angle + Math.PI : angle - Math.PI;
    }

    public static double Exp(double x)
    {
        var halvings = 0;
        while (Math.Abs(x) > 0.25)
        {
            x /= 2;
            halvings++;
        }
        var term = 1.0;
        var sum = 1.0;
        for (var n = 1; n <= 12; n++)
        {
            term *= x / n;
            sum += term;
        }
        for (; halvings > 0; halvings--) sum *= sum;
        return sum;
    }

    // |ratio| <= 1. Two half-angle steps bring it below 0.2, where the series is short.
    private static double Atan(double ratio)
    {
        var x = ratio / (1 + Math.Sqrt(1 + ratio * ratio));
        x /= 1 + Math.Sqrt(1 + x * x);
        var square = x * x;
        var power = x;
        var sum = 0.0;
        for (var n = 1; n <= 19; n += 2)
        {
            sum += (n & 2) == 0 ? power / n : -power / n;
            power *= square;
        }
        return 4 * sum;
    }
}

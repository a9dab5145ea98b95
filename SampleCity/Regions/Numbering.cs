using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Regions;

/// <summary>The order in which places are numbered: in bands from north to south, each from west to east.</summary>
internal static class Numbering
{
    private static readonly string[] Digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

    public static int[] Order(IReadOnlyList<Vec> centres)
    {
        var order = Enumerable.Range(0, centres.Count).ToArray();
        Array.Sort(order, (a, b) => Compare(centres[b].Y, centres[a].Y, a, b));
        var bands = Math.Max(1, (int)Math.Round(Math.Sqrt(centres.Count)));
        var size = (centres.Count + bands - 1) / bands;
        for (var start = 0; start < order.Length; start += size)
            Array.Sort(order, start, Math.Min(size, order.Length - start), Comparer<int>.Create((a, b) => Compare(centres[a].X, centres[b].X, a, b)));
        return order;
    }

    private static int Compare(double a, double b, int first, int second) => a != b ? a.CompareTo(b) : first.CompareTo(second);

    /// <summary>1 to 99 in Chinese signs, larger numbers in digits.</summary>
    public static string InSigns(int number) => number switch
    {
        < 10 => Digits[number],
        < 20 => "十" + (number == 10 ? "" : Digits[number - 10]),
        < 100 => Digits[number / 10] + "十" + (number % 10 == 0 ? "" : Digits[number % 10]),
        _ => number.ToString(),
    };
}

using System.Runtime.InteropServices;
using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Places;

/// <summary>The people of the buildings counted in squares of 250 metres.</summary>
internal static class Cells
{
    private const double SizeMetres = 250;

    private struct Sum
    {
        public int Households, Residents, Elderly, Children;
    }

    public static List<PopulationCell> Count(List<(Building Building, Vec Middle)> buildings)
    {
        var sums = new SortedDictionary<(int Row, int Column), Sum>();
        foreach (var (building, middle) in buildings)
        {
            if (building.Residents == 0 && building.Households == 0) continue;
            var key = ((int)Math.Floor(middle.Y / SizeMetres), (int)Math.Floor(middle.X / SizeMetres));
            sums.TryGetValue(key, out var sum);
            sum.Households += building.Households;
            sum.Residents += building.Residents;
            sum.Elderly += building.Elderly;
            sum.Children += building.Children;
            sums[key] = sum;
        }
        var cells = new List<PopulationCell>();
        foreach (var ((row, column), sum) in sums)
        {
            Place Corner(int east, int north) => CityPlane.Snap(new((column + east) * SizeMetres, (row + north) * SizeMetres));
            cells.Add(new($"C250-{column + 1000:0000}-{row + 1000:0000}", sum.Residents, sum.Households, sum.Elderly, sum.Children,
                [Corner(0, 0), Corner(1, 0), Corner(1, 1), Corner(0, 1)]));
        }
        return cells;
    }
}

using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

public static partial class GridEdit
{
    /// <summary>Water in an area that is divided: banks are borders like streets, water goes with one of its banks, and only bridges join the others to it.</summary>
    private sealed partial class Division
    {
        private const double BesideMetres = 0.8, StepMetres = 2;

        /// <summary>A bridge: the pieces on both sides of it from bank to bank, and on the banks.</summary>
        private sealed record Crossing(List<(int Water, int Bank)> Over, SortedSet<int> Pieces);

        private static IEnumerable<DividingLine> Banks(DivisionThing water) => Enumerable.Range(0, water.Outline.NumGeometries).Select(part => (Polygon)water.Outline.GetGeometryN(part))
            .SelectMany(polygon => polygon.Holes.Prepend(polygon.Shell)).Select(ring => new DividingLine(Factory.CreateLineString(ring.Coordinates), BorderKind.Water));

        /// <summary>Ties each piece of water to a bank: at a bridge to the bank where it begins, else to the piece with the longest common bank.</summary>
        private void TieWater(Rework work, int[] owners, Action<int, int> tie)
        {
            if (waters.Length == 0) return;
            var wet = Wet(work, owners);
            var dry = new SortedSet<int>(wet);
            foreach (var (water, bank) in Crossings(work, wet, owners).SelectMany(crossing => crossing.Over))
            {
                if (dry.Remove(water)) tie(water, bank);
            }

            var borders = work.Arrangement.Borders(work.Scale).Where(pair => owners[pair.Key.Item1] != Arrangement.Nobody && owners[pair.Key.Item2] != Arrangement.Nobody).ToList();
            // Water in the midst of water waits until that has found a bank.
            while (dry.Count > 0)
            {
                var banks = borders.Where(pair => dry.Contains(pair.Key.Item1) != dry.Contains(pair.Key.Item2))
                    .Select(pair => dry.Contains(pair.Key.Item1) ? (Water: pair.Key.Item1, Bank: pair.Key.Item2, Metres: pair.Value) : (Water: pair.Key.Item2, Bank: pair.Key.Item1, Metres: pair.Value))
                    .OrderBy(pair => wet.Contains(pair.Bank)).ThenByDescending(pair => pair.Metres).ThenBy(pair => pair.Water).ThenBy(pair => pair.Bank).ToList();
                if (banks.Count == 0) return;
                dry.Remove(banks[0].Water);
                tie(banks[0].Water, banks[0].Bank);
            }
        }

        /// <summary>Adds borders without length where a bridge joins blocks that have only water between them.</summary>
        private void AddBridges(Rework work, HashSet<int> wet, int[] owners, int[] atomOf, List<DelineationBorder> borders)
        {
            if (waters.Length == 0) return;
            var apart = borders.Where(border => border.Street == BorderKind.Water).Select(border => (border.A, border.B)).ToHashSet();
            var joined = new SortedSet<(int, int)>();
            foreach (var crossing in Crossings(work, wet, owners))
            {
                int[] atoms = [.. crossing.Pieces.Where(piece => atomOf[piece] >= 0).Select(piece => atomOf[piece]).Distinct().Order()];
                foreach (var a in atoms) joined.UnionWith(atoms.Where(b => b != a && apart.Contains((a, b))).Select(b => (a, b)));
            }

            borders.AddRange(joined.Select(pair => new DelineationBorder(pair.Item1, pair.Item2, 0, BorderKind.Street)));
        }

        /// <summary>Land beyond the water where nobody lives, such as an island, goes with the bank that it has most in common with.</summary>
        private void AddIslands(DelineationBlock[] blocks, List<DelineationBorder> borders)
        {
            if (waters.Length == 0) return;
            var root = Enumerable.Range(0, blocks.Length).ToArray();
            foreach (var border in borders.Where(border => border.Street != BorderKind.Water)) root[Find(border.A)] = Find(border.B);
            var size = new double[blocks.Length];
            for (var block = 0; block < blocks.Length; block++) size[Find(block)] += target.SizeOf(blocks[block]);
            foreach (var bank in borders.Where(border => border.Street == BorderKind.Water).OrderByDescending(border => border.Metres).ThenBy(border => (border.A, border.B)).ToList())
            {
                int a = Find(bank.A), b = Find(bank.B);
                if (a == b || (size[a] > 0 && size[b] > 0)) continue;
                (root[a], size[b]) = (b, size[a] + size[b]);
                borders.Add(bank with { Metres = 0, Street = BorderKind.Street });
            }

            int Find(int block)
            {
                while (root[block] != block) block = root[block] = root[root[block]];
                return block;
            }
        }

        private HashSet<int> Wet(Rework work, int[] owners)
        {
            var wet = new HashSet<int>();
            var boxes = work.Arrangement.Boxes();
            for (var piece = 1; piece < owners.Length; piece++)
            {
                if (owners[piece] == Arrangement.Nobody || !Array.Exists(waters, water => water.Box.Intersects(boxes[piece]))) continue;
                var rings = work.Arrangement.RingsOf(piece);
                var outline = Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]);
                var inside = outline.InteriorPoint.Coordinate;
                if (IsWater(inside)) wet.Add(piece);
            }

            return wet;

            static LinearRing Ring(GridVertex[] ring) => Factory.CreateLinearRing(Array.ConvertAll(ring, vertex => vertex.ToCoordinate()));
        }

        private bool IsWater(Coordinate at) => Array.Exists(waters, water => water.Box.Contains(at) && water.Inside.Locate(at) == Location.Interior);

        /// <summary>Streets and paths that lead over water: walked along, with a look to the left and to the right at every step.</summary>
        private IEnumerable<Crossing> Crossings(Rework work, HashSet<int> wet, int[] owners)
        {
            var boxes = work.Arrangement.Boxes();
            foreach (var line in streets.Concat(paths).Where(line => line.Kind != BorderKind.Water).Select(line => line.Line))
            {
                if (!Array.Exists(waters, water => water.Box.Intersects(line.EnvelopeInternal) && water.Outline.Intersects(line))) continue;
                var (over, pieces) = (new List<(int, int)>(), new SortedSet<int>());
                var bank = (Left: 0, Right: 0);
                var onWater = false;
                foreach (var (left, right) in BothSides(work, line))
                {
                    var (here, there) = (work.Arrangement.Locate(left, boxes), work.Arrangement.Locate(right, boxes));
                    if (IsWater(left.ToCoordinate()) && IsWater(right.ToCoordinate()))
                    {
                        onWater = true;
                        if (bank.Left > 0 && wet.Contains(here)) over.Add((here, bank.Left));
                        if (bank.Right > 0 && wet.Contains(there)) over.Add((there, bank.Right));
                        pieces.UnionWith([here, there]);
                        continue;
                    }

                    if (onWater && bank != default)
                    {
                        pieces.UnionWith([here, there, bank.Left, bank.Right]);
                        yield return new([.. over.Distinct()], [.. pieces.Where(piece => piece > 0 && owners[piece] != Arrangement.Nobody)]);
                    }

                    (onWater, bank, over, pieces) = (false, (here, there), [], []);
                }
            }
        }

        private static IEnumerable<(GridVertex Left, GridVertex Right)> BothSides(Rework work, LineString line)
        {
            for (var i = 1; i < line.NumPoints; i++)
            {
                Coordinate a = Metres(work, GridVertex.Nearest(line.GetCoordinateN(i - 1).X, line.GetCoordinateN(i - 1).Y)), b = Metres(work, GridVertex.Nearest(line.GetCoordinateN(i).X, line.GetCoordinateN(i).Y));
                var length = a.Distance(b);
                if (length < 1e-6) continue;
                double aside = BesideMetres / length, dx = (b.X - a.X) * aside, dy = (b.Y - a.Y) * aside;
                var steps = 1 + (int)Math.Min(5_000, length / StepMetres);
                for (var step = 0; step < steps; step++)
                {
                    double t = (step + 0.5) / steps, x = a.X + t * (b.X - a.X), y = a.Y + t * (b.Y - a.Y);
                    yield return (Vertex(work, new(x - dy, y + dx)), Vertex(work, new(x + dy, y - dx)));
                }
            }
        }

        private sealed record Body(Geometry Outline, Envelope Box, IndexedPointInAreaLocator Inside);
    }
}

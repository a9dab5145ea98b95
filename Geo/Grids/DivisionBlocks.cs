using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

public static partial class GridEdit
{
    private sealed partial class Division
    {
        /// <summary>Pieces that a thing ties together, by piece; −1 outside. With whose each piece is.</summary>
        private (int[] Owners, int[] AtomOf, int Count) Atoms(Rework work)
        {
            var owners = work.Owners();
            var root = Enumerable.Range(0, owners.Length).ToArray();
            var boxes = work.Arrangement.Boxes();
            for (var i = 0; i < things.Count; i++)
            {
                if (divided[i]) continue;
                var first = -1;
                foreach (var place in Places(things[i].Outline, middles[i]))
                {
                    var piece = work.Arrangement.Locate(place, boxes);
                    if (piece == 0 || owners[piece] == Arrangement.Nobody) continue;
                    if (first < 0) first = Find(piece);
                    else root[Find(piece)] = first = Find(first);
                }
            }

            TieWater(work, owners, (water, bank) => root[Find(water)] = Find(bank));
            var names = new Dictionary<int, int>();
            var atoms = new int[owners.Length];
            for (var piece = 0; piece < atoms.Length; piece++)
            {
                if (owners[piece] == Arrangement.Nobody) atoms[piece] = -1;
                else if (names.TryGetValue(Find(piece), out var known)) atoms[piece] = known;
                else names.Add(Find(piece), atoms[piece] = names.Count);
            }

            return (owners, atoms, names.Count);

            int Find(int piece)
            {
                while (root[piece] != piece) piece = root[piece] = root[root[piece]];
                return piece;
            }
        }

        /// <summary>The middle of a thing, and places along its outline drawn in by a twentieth, so that a wall on a border ties nothing.</summary>
        private static IEnumerable<GridVertex> Places(Geometry outline, GridVertex middle)
        {
            if (outline.IsEmpty) yield break;
            yield return middle;
            var corners = outline.Coordinates;
            for (var i = 1; i < corners.Length; i++)
            {
                for (var quarter = 0; quarter < 4; quarter++)
                {
                    double t = quarter / 4.0, x = corners[i - 1].X + t * (corners[i].X - corners[i - 1].X), y = corners[i - 1].Y + t * (corners[i].Y - corners[i - 1].Y);
                    yield return GridVertex.Nearest(x + (middle.Lon - x) * 0.05, y + (middle.Lat - y) * 0.05);
                }
            }
        }

        private (DelineationBlock[] Blocks, GridVertex[] Places) Blocks(Rework work, int[] owners, int[] atomOf, int count)
        {
            var (households, residents, load) = (new double[count], new double[count], new double[count]);
            var (area, perimeter, places, most) = (new double[count], new double[count], new GridVertex[count], new double[count]);
            var share = new Dictionary<(int Atom, int Face), double>();
            var boxes = work.Arrangement.Boxes();
            for (var i = 0; i < things.Count; i++)
            {
                if (things[i].Outline.IsEmpty || things[i].Water) continue;
                var piece = work.Arrangement.Locate(middles[i], boxes);
                if (atomOf[piece] is not (>= 0 and var atom)) continue;
                households[atom] += things[i].Households;
                residents[atom] += things[i].Residents;
                load[atom] += things[i].Load;
                share[(atom, owners[piece])] = share.GetValueOrDefault((atom, owners[piece])) + things[i].Households;
                if (SizeOf(things[i]) < most[atom]) continue;
                (most[atom], places[atom]) = (SizeOf(things[i]), middles[i]);
            }

            for (var piece = 0; piece < owners.Length; piece++)
            {
                if (atomOf[piece] is not (>= 0 and var atom)) continue;
                var size = work.Scale.SquareMetres(work.Arrangement.Pieces[piece].DoubleArea);
                area[atom] += size;
                share[(atom, owners[piece])] = share.GetValueOrDefault((atom, owners[piece])) + size * 1e-6;
                if (places[atom] == default) places[atom] = work.Arrangement.Pieces[piece].Corner;
            }

            foreach (var ((a, b), metres) in work.Arrangement.Borders(work.Scale))
            {
                if (atomOf[a] == atomOf[b]) continue;
                if (atomOf[a] >= 0) perimeter[atomOf[a]] += metres;
                if (atomOf[b] >= 0) perimeter[atomOf[b]] += metres;
            }

            var current = new int[count];
            foreach (var group in share.GroupBy(pair => pair.Key.Atom)) current[group.Key] = group.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Face).First().Key.Face;
            return ([.. Enumerable.Range(0, count).Select(atom => new DelineationBlock(households[atom], residents[atom], load[atom], area[atom], perimeter[atom], current[atom]))], places);
        }

        /// <summary>Grids that go on keep their number, new ones get the next free ones.</summary>
        private (int[] FaceOf, int Free) Numbered(Layout laid, int[] gridOfBlock)
        {
            var free = partition.FreeFace;
            var names = new Dictionary<int, int>();
            var here = faces.ToHashSet();
            var faceOf = (int[])laid.Owners.Clone();
            for (var piece = 0; piece < faceOf.Length; piece++)
            {
                if (laid.AtomOf[piece] < 0) continue;
                var grid = gridOfBlock[laid.AtomOf[piece]];
                // The numbers of new grids are those of grids elsewhere in the partition.
                if (!names.TryGetValue(grid, out var name)) names.Add(grid, name = here.Contains(grid) ? grid : free++);
                faceOf[piece] = name;
            }

            return (faceOf, free);
        }

        private List<OutOfBand> Outside(Layout laid, int[] gridOfBlock)
        {
            var (blocks, places) = (laid.Blocks, laid.Places);
            var total = blocks.Sum(block => target.SizeOf(block));
            var divides = target.Divides(total);
            var outside = new List<OutOfBand>();
            foreach (var grid in Enumerable.Range(0, blocks.Length).GroupBy(atom => gridOfBlock[atom]))
            {
                var size = grid.Sum(atom => target.SizeOf(blocks[atom]));
                if (size >= target.Least && size <= target.Most) continue;
                var largest = grid.MaxBy(atom => target.SizeOf(blocks[atom]));
                outside.Add(new(size, target.SizeOf(blocks[largest]) > target.Most ? OutOfBandReasons.BlockTooLarge : divides ? OutOfBandReasons.NoneFound : OutOfBandReasons.AreaDoesNotDivide, places[largest]));
            }

            return [.. outside.OrderByDescending(grid => Math.Max(target.Least - grid.Size, grid.Size - target.Most))];
        }

        private int Divided(Layout laid, int[] gridOfBlock)
        {
            var boxes = laid.Work.Arrangement.Boxes();
            return Enumerable.Range(0, things.Count).Count(i => divided[i] && !things[i].Water && Places(things[i].Outline, middles[i]).Select(place => laid.AtomOf[laid.Work.Arrangement.Locate(place, boxes)])
                .Where(atom => atom >= 0).Select(atom => gridOfBlock[atom]).Distinct().Skip(1).Any());
        }
    }
}

using System.Buffers.Binary;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Regions;

namespace GridMap.Server.SampleCities;

/// <summary>Writes lattice places as PostGIS's own binary form (EWKB, SRID 4326), which is what a binary COPY into a geometry column takes.</summary>
internal static class LatticeGeometry
{
    private const uint WithSrid = 0x20000000;
    private const uint Point = 1, LineString = 2, Polygon = 3, MultiPolygon = 6;

    public static byte[] OfPoint(Place place)
    {
        var writer = new Writer(25);
        writer.Head(Point, true);
        writer.Add(place);
        return writer.Bytes;
    }

    public static byte[] OfLine(Place[] line)
    {
        var writer = new Writer(13 + 16 * line.Length);
        writer.Head(LineString, true);
        writer.Add((uint)line.Length);
        foreach (var place in line) writer.Add(place);
        return writer.Bytes;
    }

    public static byte[] OfRing(Place[] outer, Place[]? hole = null) => OfOutlines([new(outer, hole is null ? [] : [hole])]);

    public static byte[] OfOutlines(IReadOnlyList<Outline> outlines)
    {
        var size = 13;
        foreach (var outline in outlines)
        {
            size += 9 + 4 + 16 * (outline.Outer.Length + 1);
            foreach (var hole in outline.Holes) size += 4 + 16 * (hole.Length + 1);
        }
        var writer = new Writer(size);
        writer.Head(MultiPolygon, true);
        writer.Add((uint)outlines.Count);
        foreach (var outline in outlines)
        {
            writer.Head(Polygon, false);
            writer.Add((uint)(1 + outline.Holes.Count));
            writer.AddRing(outline.Outer);
            foreach (var hole in outline.Holes) writer.AddRing(hole);
        }
        return writer.Bytes;
    }

    private struct Writer(int size)
    {
        private int position;

        public byte[] Bytes { get; } = new byte[size];

        public void Head(uint type, bool withSrid)
        {
            Bytes[position++] = 1;
            Add(withSrid ? type | WithSrid : type);
            if (withSrid) Add(4326);
        }

        public void Add(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(position), value);
            position += 4;
        }

        public void Add(Place place)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(Bytes.AsSpan(position), place.Lon);
            BinaryPrimitives.WriteDoubleLittleEndian(Bytes.AsSpan(position + 8), place.Lat);
            position += 16;
        }

        public void AddRing(Place[] ring)
        {
            Add((uint)ring.Length + 1);
            foreach (var place in ring) Add(place);
            Add(ring[0]);
        }
    }
}

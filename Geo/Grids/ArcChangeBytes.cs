using System.Buffers.Binary;

namespace GridMap.Geo.Grids;

/// <summary>Changes as little-endian 32-bit numbers, a version first.</summary>
internal static class ArcChangeBytes
{
    private const int Version = 1;

    public static byte[] Write(ArcChange change)
    {
        var numbers = new List<int> { Version, change.NextArc.Before, change.NextArc.After, change.NextFace.Before, change.NextFace.After };
        Arcs(change.Removed);
        Arcs(change.Added);
        Faces(change.NewFaces);
        Faces(change.GoneFaces);
        numbers.Add(change.Touched.Count);
        numbers.AddRange(change.Touched);
        var bytes = new byte[numbers.Count * 4];
        for (var i = 0; i < numbers.Count; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), numbers[i]);
        return bytes;

        void Arcs(IReadOnlyList<Arc> arcs)
        {
            numbers.Add(arcs.Count);
            foreach (var arc in arcs)
            {
                numbers.AddRange([arc.Id, arc.Left, arc.Right, arc.Vertices.Length]);
                foreach (var vertex in arc.Vertices) numbers.AddRange([vertex.X, vertex.Y]);
            }
        }

        void Faces(IReadOnlyList<FaceParent> faces)
        {
            numbers.Add(faces.Count);
            foreach (var face in faces) numbers.AddRange([face.Face, face.Parent]);
        }
    }

    public static ArcChange Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (reader.Next() != Version) throw new ArgumentException("another version of changes", nameof(bytes));
        var nextArc = (reader.Next(), reader.Next());
        var nextFace = (reader.Next(), reader.Next());
        var change = new ArcChange(reader.Arcs(), reader.Arcs(), reader.Faces(), reader.Faces(), reader.Numbers(), nextArc, nextFace);
        return reader.IsAtEnd ? change : throw new ArgumentException("more bytes than a change has", nameof(bytes));
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at;

        public readonly bool IsAtEnd => at == bytes.Length;

        public int Next()
        {
            if (at + 4 > bytes.Length) throw new ArgumentException("fewer bytes than a change has");
            var value = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            at += 4;
            return value;
        }

        public int[] Numbers()
        {
            var numbers = new int[Count(1)];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = Next();
            return numbers;
        }

        public FaceParent[] Faces()
        {
            var faces = new FaceParent[Count(2)];
            for (var i = 0; i < faces.Length; i++) faces[i] = new(Next(), Next());
            return faces;
        }

        public Arc[] Arcs()
        {
            var arcs = new Arc[Count(8)];
            for (var i = 0; i < arcs.Length; i++)
            {
                int id = Next(), left = Next(), right = Next();
                var vertices = new GridVertex[Count(2)];
                for (var v = 0; v < vertices.Length; v++) vertices[v] = new(Next(), Next());
                arcs[i] = new(id, vertices, left, right);
            }

            return arcs;
        }

        /// <summary>A count that the bytes left can bear out.</summary>
        private int Count(int least)
        {
            var count = Next();
            return count >= 0 && (long)count * least * 4 <= bytes.Length - at ? count : throw new ArgumentException("not the bytes of a change");
        }
    }
}

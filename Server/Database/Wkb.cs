using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GridMap.Server.Databases;

/// <summary>The only door between NTS geometries and the database: <c>ST_AsBinary(geom)</c> out, <c>ST_GeomFromWKB({bytes}, 4326)</c> in.</summary>
public static class Wkb
{
    public static byte[] Write(Geometry geometry) => new WKBWriter(ByteOrder.LittleEndian).Write(geometry);

    // One reader a call: its documentation does not promise thread safety.
    public static Geometry Read(byte[] bytes) => new WKBReader(NtsGeometryServices.Instance).Read(bytes);
}

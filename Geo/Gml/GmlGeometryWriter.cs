using System.Buffers;
using System.Text;
using GridMap.Geo.GeoJson;

namespace GridMap.Geo.Gml;

/// <summary>Writes GML 3.2.1 geometries (ISO 19136, OGC 07-036) straight from WKB to UTF-8.</summary>
/// <remarks>
/// Input is (E)WKB or ISO WKB as <see cref="GeoJsonWriter"/> takes it; Z and M are dropped. Points are gml:Point, lines gml:LineString, polygons gml:Polygon,
/// their lists gml:MultiPoint, gml:MultiCurve and gml:MultiSurface, mixed lists gml:MultiGeometry. Exterior rings run counterclockwise on the ground and holes
/// clockwise, whatever the order of axes. Every geometry has the gml:id that the schema demands: the one given, and numbered ones below it. The outermost
/// names the CRS. The prefix <c>gml</c> must be bound by who writes around it. Not thread-safe: one for each answer.
/// </remarks>
public sealed class GmlGeometryWriter
{
    private readonly string _srsName;
    private readonly int _decimals;
    private readonly CoordinateShift? _shift;
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private string _id = "";
    private int _ids;
    private bool _cannotBeShown;

    /// <param name="srsName">The name of the CRS, free of characters that XML would escape.</param>
    /// <param name="decimals">0–7.</param>
    /// <param name="shift">Longitude and latitude to the position that is written, first axis first; null writes x, y as they are.</param>
    public GmlGeometryWriter(string srsName, int decimals, CoordinateShift? shift)
    {
        Guard.InRange(decimals, 0, 7);
        (_srsName, _decimals, _shift) = (srsName, decimals, shift);
    }

    /// <summary>The text of the geometry that was made last; good until the next is made.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Makes the text of one geometry.</summary>
    /// <param name="wkb">One geometry, in longitude and latitude.</param>
    /// <param name="id">Its gml:id, an NCName.</param>
    /// <returns>False when it is empty or a position cannot be shown in the CRS: then there is no text.</returns>
    /// <exception cref="WkbException">Malformed bytes.</exception>
    public bool Make(ReadOnlySpan<byte> wkb, string id)
    {
        _text.ResetWrittenCount();
        if (WkbEnvelope.Of(wkb).IsEmpty) return false;
        (_id, _ids, _cannotBeShown) = (id, 0, false);
        var cursor = new WkbCursor(wkb);
        Any(ref cursor);
        if (_cannotBeShown) _text.ResetWrittenCount();
        return !_cannotBeShown;
    }

    private void Any(ref WkbCursor cursor)
    {
        var type = cursor.ReadHeader();
        switch (type)
        {
            case WkbType.Point:
                Open("Point");
                Add("<gml:pos>");
                Positions(cursor, cursor.ReadPositions(1), 1, reverse: false);
                Add("</gml:pos></gml:Point>");
                break;
            case WkbType.LineString:
                Open("LineString");
                PosList(ref cursor, isRing: false, exterior: true);
                Add("</gml:LineString>");
                break;
            case WkbType.Polygon:
                Polygon(ref cursor);
                break;
            case WkbType.MultiPoint:
                Members(ref cursor, "MultiPoint", "pointMember");
                break;
            case WkbType.MultiLineString:
                Members(ref cursor, "MultiCurve", "curveMember");
                break;
            case WkbType.MultiPolygon:
                Members(ref cursor, "MultiSurface", "surfaceMember");
                break;
            default:
                Members(ref cursor, "MultiGeometry", "geometryMember");
                break;
        }
    }

    private void Members(ref WkbCursor cursor, string name, string member)
    {
        Open(name);
        var count = cursor.ReadCount(5);
        for (var i = 0; i < count; i++)
        {
            Add($"<gml:{member}>");
            Any(ref cursor);
            Add($"</gml:{member}>");
        }
        Add($"</gml:{name}>");
    }

    private void Polygon(ref WkbCursor cursor)
    {
        Open("Polygon");
        var rings = cursor.ReadCount(4);
        for (var i = 0; i < rings; i++)
        {
            var side = i == 0 ? "exterior" : "interior";
            Add($"<gml:{side}><gml:LinearRing>");
            PosList(ref cursor, isRing: true, exterior: i == 0);
            Add($"</gml:LinearRing></gml:{side}>");
        }
        Add("</gml:Polygon>");
    }

    private void PosList(ref WkbCursor cursor, bool isRing, bool exterior)
    {
        var count = cursor.ReadCount(cursor.Stride);
        var positions = cursor.ReadPositions(count);
        var area = isRing ? TwiceArea(cursor, positions, count) : 0;
        Add("<gml:posList>");
        Positions(cursor, positions, count, reverse: exterior ? area < 0 : area > 0);
        Add("</gml:posList>");
    }

    private void Open(string name)
    {
        Add(_ids++ == 0 ? $"<gml:{name} gml:id=\"{_id}\" srsName=\"{_srsName}\" srsDimension=\"2\">" : $"<gml:{name} gml:id=\"{_id}.{_ids - 1}\">");
    }

    private void Positions(WkbCursor cursor, ReadOnlySpan<byte> positions, int count, bool reverse)
    {
        for (var i = 0; i < count; i++)
        {
            var at = reverse ? count - 1 - i : i;
            double x = cursor.X(positions, at), y = cursor.Y(positions, at);
            if (_shift is not null) (x, y) = _shift(x, y);
            if (!(Math.Abs(x) <= CoordinateText.Limit && Math.Abs(y) <= CoordinateText.Limit))
            {
                _cannotBeShown = true;
                return;
            }
            var span = _text.GetSpan((2 * CoordinateText.MaxLength) + 2);
            var used = 0;
            if (i > 0) span[used++] = (byte)' ';
            used += CoordinateText.Write(span[used..], x, _decimals);
            span[used++] = (byte)' ';
            used += CoordinateText.Write(span[used..], y, _decimals);
            _text.Advance(used);
        }
    }

    private void Add(string text) => Encoding.UTF8.GetBytes(text, _text);

    // About the first vertex: with raw degrees the products lose the digits that small rings live in.
    private static double TwiceArea(WkbCursor cursor, ReadOnlySpan<byte> ring, int count)
    {
        if (count == 0) return 0;
        double x0 = cursor.X(ring, 0), y0 = cursor.Y(ring, 0), px = 0, py = 0, sum = 0;
        for (var i = 1; i < count; i++)
        {
            double x = cursor.X(ring, i) - x0, y = cursor.Y(ring, i) - y0;
            sum += (px * y) - (x * py);
            (px, py) = (x, y);
        }
        return sum;
    }
}

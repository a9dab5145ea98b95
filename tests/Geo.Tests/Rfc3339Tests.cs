using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-03-01T08:00:00Z", "2026-03-01T08:00:00.0000000Z")]
    [InlineData("2026-03-01t08:00:00.5z", "2026-03-01T08:00:00.5000000Z")]
    [InlineData("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00.0000000Z")]
    [InlineData("2026-03-01T00:30:00-00:45", "2026-03-01T01:15:00.0000000Z")]
    [InlineData("2026-03-01T08:00:00.123456789012345678901234567890Z", "2026-03-01T08:00:00.1234567Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9999999Z")] // the leap second of that night
    [InlineData("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.0000000Z")]
    public void Moments_are_read(string text, string utc)
    {
        Rfc3339.TryRead(text, out var read).ShouldBeTrue();
        read.Kind.ShouldBe(DateTimeKind.Utc);
        read.ToString("O").ShouldBe(utc);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T08:00:00")] // no zone
    [InlineData("2026-03-01 08:00:00Z")]
    [InlineData("2026-02-29T08:00:00Z")]
    [InlineData("2026-13-01T08:00:00Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T08:30:60Z")] // leap seconds end an hour
    [InlineData("2026-03-01T08:00:00.Z")]
    [InlineData("2026-03-01T08:00:00+24:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")] // before the year 1
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("２０２６-03-01T08:00:00Z")]
    [InlineData("2026-03-01T08:00:00Z\n")]
    public void Anything_else_is_not(string text) => Rfc3339.TryRead(text, out _).ShouldBeFalse();
}

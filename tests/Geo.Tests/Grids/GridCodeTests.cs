using FsCheck;
using FsCheck.Fluent;
using GridMap.Geo.Grids;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class GridCodeTests
{
    [Fact]
    public void Profiles_have_the_lengths_of_their_names()
        => GridCodeProfiles.All.Select(p => (p.Name, p.Length, p.PrefixLength)).ShouldBe(
            [("unit-15", 15, 12), ("unit-16", 16, 13), ("professional-20", 20, 18), ("area-12", 12, 9)]);

    [Fact]
    public void Splits_a_code_into_its_parts()
    {
        GridCode.Split("320404001002007", GridCodeProfiles.Unit15).ShouldBe(["320404", "001", "002", "007"]);
        GridCode.Split("01010132040400100200", GridCodeProfiles.Professional20).ShouldBe(["010101", "320404", "001", "002", "00"]);
        Should.Throw<ArgumentException>(() => GridCode.Split("1", GridCodeProfiles.Unit15));
    }

    [Theory]
    [InlineData(null, GridCodeReasons.Missing)]
    [InlineData("", GridCodeReasons.Missing)]
    [InlineData("32040400100200", GridCodeReasons.WrongLength)]
    [InlineData("3204040010020071", GridCodeReasons.WrongLength)]
    [InlineData("32040400100200A", GridCodeReasons.NotDigits)]
    [InlineData("320404001002٠٠١", GridCodeReasons.NotDigits)]
    [InlineData("320404001002000", GridCodeReasons.ZeroSerial)]
    [InlineData("320405001002001", GridCodeReasons.WrongArea)]
    public void Refuses_with_a_named_reason(string? code, string reason)
    {
        var result = GridCode.Parse(code, GridCodeProfiles.Unit15, "320404001");
        result.IsValid.ShouldBeFalse();
        result.Reason.ShouldBe(reason);
        result.Detail.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Format_and_parse_are_inverse()
        => Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(1, 999).ToArbitrary(), serial =>
        {
            var code = GridCode.Format("320404001002", serial, GridCodeProfiles.Unit15);
            code.IsValid.ShouldBeTrue();
            GridCode.Parse(code.Code, GridCodeProfiles.Unit15, "320404001002").IsValid.ShouldBeTrue();
            int.Parse(GridCode.Split(code.Code, GridCodeProfiles.Unit15)[3]).ShouldBe(serial);
        }));

    [Fact]
    public void Next_is_one_above_the_highest_ever_used_and_ends_at_the_top()
    {
        const string area = "320404001002";
        GridCode.Next(area, [], GridCodeProfiles.Unit15).Code.ShouldBe("320404001002001");
        // 004 was voided: it stays used. Codes of other areas and shapes do not count.
        GridCode.Next(area, ["320404001002001", "320404001002004", "320404001003900", "old-7"], GridCodeProfiles.Unit15).Code.ShouldBe("320404001002005");
        GridCode.Next(area, ["320404001002999"], GridCodeProfiles.Unit15).Reason.ShouldBe(GridCodeReasons.Exhausted);
        GridCode.Next("32", [], GridCodeProfiles.Unit15).Reason.ShouldBe(GridCodeReasons.WrongLength);
        GridCode.Next(null, [], GridCodeProfiles.Unit15).Reason.ShouldBe(GridCodeReasons.Missing);
    }

    [Fact]
    public void Serials_run_west_to_east_row_by_row_from_the_north()
    {
        // Two rows of about 100 m, slightly crooked.
        double[] xs = [250, 50, 150, 60, 160, 240], ys = [190, 200, 160, 60, 95, 50];
        GridCode.SerialOrder(xs, ys, 100).ShouldBe([1, 2, 0, 3, 4, 5]);
        GridCode.SerialOrder([], [], 100).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => GridCode.SerialOrder([1], [], 100));
    }

    [Fact]
    public void A_profile_is_checked_once()
    {
        Should.Throw<ArgumentException>(() => new GridCodeProfile("none", []));
        Should.Throw<ArgumentException>(() => new GridCodeProfile("wide", [new("a", 13)]));
        Should.Throw<ArgumentException>(() => new GridCodeProfile("twice", [new("a", 3), new("a", 3)]));
    }
}

using GridMap.Server.Http;

namespace GridMap.Server.Wfs;

/// <summary>A refusal in the words of OWS Common and WFS 2.0 (OGC 09-025r2, Annex D): code, what it is about, status.</summary>
public sealed class WfsFault(string code, string locator, string text, int? status = null) : Exception(text)
{
    public const string OperationParsingFailed = "OperationParsingFailed", OperationProcessingFailed = "OperationProcessingFailed", OperationNotSupported = "OperationNotSupported",
        OptionNotSupported = "OptionNotSupported", MissingParameterValue = "MissingParameterValue", InvalidParameterValue = "InvalidParameterValue",
        VersionNegotiationFailed = "VersionNegotiationFailed", NotFound = "NotFound", NoApplicableCode = "NoApplicableCode";

    public string Code => code;

    public string Locator => locator;

    public int Status => status ?? code switch
    {
        NotFound => 404,
        OperationProcessingFailed => 403,
        _ => 400,
    };

    public static WfsFault Missing(string locator) => new(MissingParameterValue, locator, $"{locator} must be given.");

    public static WfsFault Invalid(string locator, string expected) => new(InvalidParameterValue, locator, $"{locator}: expected {expected}.");

    /// <summary>What is nobody's parameter: the database is away, or the server failed.</summary>
    public static WfsFault Of(Problem problem) => new(NoApplicableCode, "", problem.Detail, problem.Status);

    /// <summary>A rule of the house said no; which field it was about becomes the locator.</summary>
    public static WfsFault Of(Refused refused, string locator) => new(InvalidParameterValue, locator, refused.Message);
}

namespace GridMap.Geo.Cql2;

/// <summary>Reads CQL2 text (OGC 21-065r2 Annex B), every rule of it.</summary>
/// <remarks>
/// Precedence, strongest first: <c>^</c> (from the right), <c>* / % div</c>, <c>+ -</c>, comparisons, NOT, AND, OR. Keywords are known in any case; a property
/// that is spelt like one is written in double quotes. Bad input is answered with a reason; nothing is thrown for it. Thread-safe.
/// </remarks>
public static class Cql2Text
{
    public static Cql2Result Read(string text) => Cql2Result.Of(text, () => new Reader(text).Whole());

    private sealed class Reader(string text)
    {
        private static readonly string[] Words = ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"];

        private readonly Cql2Tokens _tokens = new(text);
        private int _depth;

        public Expression Whole()
        {
            if (_tokens.Kind == TokenKind.End) throw new Cql2Refusal(Cql2Reasons.Empty, "an expression");
            var whole = Any();
            return _tokens.Kind == TokenKind.End ? whole : throw _tokens.Unexpected("an operator or the end");
        }

        // Every way down into itself passes here, so the stack is bounded before the tree is.
        private Expression Any()
        {
            if (++_depth > Cql2Limits.MaxDepth) throw Parts.TooDeep();
            var or = Chain("OR", And);
            _depth--;
            return or;
        }

        private Expression And() => Chain("AND", Not);

        private Expression Chain(string word, Func<Expression> part)
        {
            var first = part();
            if (!_tokens.IsWord(word)) return first;
            List<Expression> parts = [first];
            while (_tokens.TakeWord(word)) parts.Add(part());
            return Parts.Make(word, parts);
        }

        private Expression Not()
        {
            var count = 0;
            while (_tokens.TakeWord("NOT")) count++;
            var inner = Comparison();
            for (; count > 0; count--) inner = Parts.Make("not", inner);
            return inner;
        }

        private Expression Comparison()
        {
            var left = Sum();
            if (_tokens.Kind == TokenKind.Symbol && _tokens.Value is "=" or "<>" or "<" or "<=" or ">" or ">=")
            {
                var name = _tokens.Value;
                _tokens.Advance();
                return Parts.Make(name, left, Sum());
            }
            if (_tokens.TakeWord("IS"))
            {
                var isNot = _tokens.TakeWord("NOT");
                if (!_tokens.TakeWord("NULL")) throw _tokens.Unexpected("NULL");
                return Negated(isNot, Parts.Make("isnull", left));
            }
            var not = _tokens.TakeWord("NOT");
            if (_tokens.TakeWord("LIKE")) return Negated(not, Parts.Make("like", left, Sum()));
            if (_tokens.TakeWord("BETWEEN"))
            {
                var least = Sum();
                if (!_tokens.TakeWord("AND")) throw _tokens.Unexpected("AND");
                return Negated(not, Parts.Make("between", left, least, Sum()));
            }
            if (_tokens.TakeWord("IN"))
            {
                _tokens.Expect("(");
                var items = List();
                if (items.Count == 0) throw new Cql2Refusal(Cql2Reasons.Arguments, "a list after IN with an item");
                return Negated(not, Parts.Make("in", left, Parts.Checked(new ArrayOf(items))));
            }
            return not ? throw _tokens.Unexpected("LIKE, BETWEEN or IN") : left;
        }

        private static Expression Negated(bool not, Expression expression) => not ? Parts.Make("not", expression) : expression;

        private Expression Sum()
        {
            var left = Product();
            while (_tokens.Kind == TokenKind.Symbol && _tokens.Value is "+" or "-")
            {
                var name = _tokens.Value;
                _tokens.Advance();
                left = Parts.Make(name, left, Product());
            }
            return left;
        }

        private Expression Product()
        {
            var left = Power();
            while ((_tokens.Kind == TokenKind.Symbol && _tokens.Value is "*" or "/" or "%") || _tokens.IsWord("DIV"))
            {
                var name = _tokens.Value;
                _tokens.Advance();
                left = Parts.Make(name, left, Power());
            }
            return left;
        }

        private Expression Power()
        {
            List<Expression> parts = [Signed()];
            while (_tokens.TakeSymbol("^")) parts.Add(Signed());
            var power = parts[^1];
            for (var i = parts.Count - 2; i >= 0; i--) power = Parts.Make("^", parts[i], power);
            return power;
        }

        private Expression Signed()
        {
            var minus = false;
            while (_tokens.IsSymbol("-") || _tokens.IsSymbol("+"))
            {
                minus ^= _tokens.IsSymbol("-");
                _tokens.Advance();
            }
            var value = Primary();
            if (!minus) return value;
            return value is NumberLiteral number ? new NumberLiteral(-number.Value) : Parts.Make("*", new NumberLiteral(-1), value);
        }

        private Expression Primary()
        {
            var (kind, value, number) = (_tokens.Kind, _tokens.Value, _tokens.Number);
            switch (kind)
            {
                case TokenKind.Number:
                    _tokens.Advance();
                    return new NumberLiteral(number);
                case TokenKind.Text:
                    _tokens.Advance();
                    return new TextLiteral(value);
                case TokenKind.QuotedName:
                    _tokens.Advance();
                    return new Property(value);
                case TokenKind.Name:
                    return Named(value);
                case TokenKind.Symbol when value == "(":
                    _tokens.Advance();
                    if (_tokens.TakeSymbol(")")) return new ArrayOf([]);
                    var items = List();
                    return items.Count == 1 ? items[0] : Parts.Checked(new ArrayOf(items));
                default:
                    throw _tokens.Unexpected("a value, a property or '('");
            }
        }

        private Expression Named(string name)
        {
            if (_tokens.TakeWord("TRUE")) return new BooleanLiteral(true);
            if (_tokens.TakeWord("FALSE")) return new BooleanLiteral(false);
            if (Words.Contains(name, StringComparer.OrdinalIgnoreCase)) throw _tokens.Unexpected("a value, a property or '('");
            var position = _tokens.Position;
            _tokens.Advance();
            var wkt = new WktPart(_tokens, name, depth: _depth);
            if (wkt.IsGeometry) return wkt.Read();
            if (!_tokens.TakeSymbol("(")) return new Property(name);
            switch (name.ToUpperInvariant())
            {
                case "DATE": return Instant(Parts.Date);
                case "TIMESTAMP": return Instant(Parts.Timestamp);
                case "INTERVAL":
                    var start = IntervalEnd();
                    _tokens.Expect(",");
                    var end = IntervalEnd();
                    _tokens.Expect(")");
                    return Parts.Interval(start, end);
                default:
                    var arguments = _tokens.TakeSymbol(")") ? [] : List();
                    if (arguments.Count > 100) throw new Cql2Refusal(Cql2Reasons.Arguments, $"at most 100 arguments at position {position}");
                    return Parts.Make(Parts.IsWrittenAsFunction(name.ToLowerInvariant()) || !IsOperator(name) ? name : throw _tokens.Unexpected("a function"), arguments);
            }
        }

        // "div(…)" and "isNull(…)" are no functions in text.
        private static bool IsOperator(string name) => name.ToLowerInvariant() is "isnull" or "between" or "like" or "in";

        private Expression Instant(Func<string, Expression> read)
        {
            if (_tokens.Kind != TokenKind.Text) throw _tokens.Unexpected("a text");
            var instant = read(_tokens.Value);
            _tokens.Advance();
            _tokens.Expect(")");
            return instant;
        }

        private Expression? IntervalEnd()
        {
            if (_tokens.Kind != TokenKind.Text) return Any();
            var end = Parts.IntervalEnd(_tokens.Value);
            _tokens.Advance();
            return end;
        }

        // The opening bracket has been taken; this takes the closing one.
        private List<Expression> List()
        {
            List<Expression> items = [Any()];
            while (_tokens.TakeSymbol(",")) items.Add(Any());
            _tokens.Expect(")");
            return items;
        }
    }
}

package record

import (
	"math/bits"
	"strconv"
)

// The Append functions append one line of the stream, newline included, and
// cannot fail. Optional values that are empty are left out.

// AppendSource appends a source line.
func AppendSource(dst []byte, s *Source) []byte { return appendLine(dst, TypeSource, sourceColumns, s) }

// AppendEvent appends an event line.
func AppendEvent(dst []byte, e *Event) []byte { return AppendEventOf(dst, e, AllFields()) }

// AppendEventOf is AppendEvent for an event that has no other Fields than those of
// a set. It says what the eventColumns say, in their order; it is written out
// because it is what most of the time of a log full of denials goes into.
func AppendEventOf(dst []byte, e *Event, set FieldSet) []byte {
	dst = append(dst, `{"v":1,"type":"event"`...)
	dst = appendText(dst, `,"kind":`, e.Kind)
	dst = appendText(dst, `,"trust":`, e.Trust.String())
	dst = mayAppendText(dst, `,"reason":`, e.Reason)
	if e.PrefixTrust != TrustNone {
		dst = appendText(dst, `,"prefix_trust":`, e.PrefixTrust.String())
	}
	dst = mayAppendText(dst, `,"time":`, e.Time)
	dst = mayAppendText(dst, `,"audit":`, e.Audit)
	dst = mayAppendText(dst, `,"host":`, e.Host)
	dst = mayAppendText(dst, `,"carrier":`, e.Carrier)
	dst = mayAppendText(dst, `,"file":`, e.File)
	if e.Line != 0 {
		dst = appendUint(append(dst, `,"line":`...), e.Line)
	}
	dst = appendUint(append(dst, `,"count":`...), e.Count)
	dst = mayAppendText(dst, `,"first":`, e.First)
	dst = mayAppendText(dst, `,"last":`, e.Last)
	dst = appendFields(dst, &e.Fields, set)
	if e.Inner != nil {
		dst = append(dst, `,"inner":`...)
		start := len(dst)
		dst = closeObject(appendFields(dst, e.Inner, AllFields()), start)
	}
	return append(dst, '}', '\n')
}

func mayAppendText(dst []byte, k key, value string) []byte {
	if value == "" {
		return dst
	}
	return appendText(dst, k, value)
}

// AppendRule appends a rule line.
func AppendRule(dst []byte, r *Rule) []byte { return appendLine(dst, TypeRule, ruleColumns, r) }

// AppendNote appends a note line.
func AppendNote(dst []byte, n *Note) []byte { return appendLine(dst, TypeNote, noteColumns, n) }

// AppendError appends an error line.
func AppendError(dst []byte, e *Error) []byte { return appendLine(dst, TypeError, errorColumns, e) }

// AppendMark appends a mark line.
func AppendMark(dst []byte, m *Mark) []byte { return appendLine(dst, TypeMark, markColumns, m) }

// AppendEnd appends an end line.
func AppendEnd(dst []byte, e *End) []byte { return appendLine(dst, TypeEnd, endColumns, e) }

// AppendRecord appends a record line. The text is taken as bytes, because this
// is the one line that is written for every line of a log.
func AppendRecord(dst []byte, src string, line uint64, text []byte) []byte {
	dst = append(dst, recordStart...)
	dst = append(dst, src...)
	dst = append(dst, `","line":`...)
	dst = strconv.AppendUint(dst, line, 10)
	dst = appendText(dst, `,"text":`, view(text))
	return append(dst, '}', '\n')
}

func appendLine[T any](dst []byte, t Type, columns []column[T], v *T) []byte {
	dst = append(dst, `{"v":1,"type":"`...)
	dst = append(dst, t.String()...)
	dst = append(dst, '"')
	dst = appendColumns(dst, columns, v)
	return append(dst, '}', '\n')
}

func appendObject[T any](dst []byte, columns []column[T], v *T) []byte {
	start := len(dst)
	return closeObject(appendColumns(dst, columns, v), start)
}

// closeObject makes an object of the members from start on: the comma before the
// first becomes the brace.
func closeObject(dst []byte, start int) []byte {
	if len(dst) == start {
		return append(dst, "{}"...)
	}
	dst[start] = '{'
	return append(dst, '}')
}

func appendColumns[T any](dst []byte, columns []column[T], v *T) []byte {
	for i := range columns {
		c := &columns[i]
		switch p := c.at(v).(type) {
		case *string:
			if *p != "" || c.always {
				dst = appendText(dst, c.key, *p)
			}
		case *uint64:
			if *p != 0 || c.always {
				dst = appendUint(append(dst, c.key...), *p)
			}
		case *uint32:
			if *p != 0 || c.always {
				dst = appendUint(append(dst, c.key...), uint64(*p))
			}
		case *uint8:
			if *p != 0 || c.always {
				dst = appendUint(append(dst, c.key...), uint64(*p))
			}
		case *Trust:
			if *p != TrustNone || c.always {
				dst, _ = appendString(dst, c.key, p.String())
			}
		case *Fields:
			dst = appendFields(dst, p, AllFields())
		case **Fields:
			if *p != nil {
				dst = append(dst, c.key...)
				start := len(dst)
				dst = closeObject(appendFields(dst, *p, AllFields()), start)
			}
		case *[]string:
			if len(*p) > 0 || c.always {
				dst = appendStrings(dst, c.key, *p)
			}
		case *[]Attr:
			if len(*p) > 0 || c.always {
				dst = appendAttrs(append(dst, c.key...), *p)
			}
		case *[]Position:
			if len(*p) > 0 || c.always {
				dst = appendPositions(append(dst, c.key...), *p)
			}
		case *Evidence:
			if p.Count > 0 || c.always {
				dst = appendObject(append(dst, c.key...), evidenceColumns, p)
			}
		case *Sample:
			if *p != (Sample{}) || c.always {
				dst = appendObject(append(dst, c.key...), sampleColumns, p)
			}
		}
	}
	return dst
}

// appendFields appends those of a set that have a value.
func appendFields(dst []byte, fields *Fields, set FieldSet) []byte {
	for i, some := range set {
		for ; some != 0; some &= some - 1 {
			f := 64*i + bits.TrailingZeros64(some)
			s, info := fields[f], &fieldInfos[f]
			switch {
			case s == "":
			case info.number && canonicalNumber(s):
				dst = append(append(dst, info.key...), s...)
			default:
				dst = appendText(dst, info.key, s)
			}
		}
	}
	return dst
}

// appendStrings appends a list. Where any member is not UTF-8, the twin under
// "_b64" holds the exact bytes of all of them.
func appendStrings(dst []byte, k key, list []string) []byte {
	dst = append(append(dst, k...), '[')
	allExact := true
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var exact bool
		dst, exact = appendString(dst, "", s)
		allExact = allExact && exact
	}
	dst = append(dst, ']')
	if allExact {
		return dst
	}
	dst = append(append(dst, k.twin()...), '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendBase64(dst, s)
	}
	return append(dst, ']')
}

func appendAttrs(dst []byte, attrs []Attr) []byte {
	start := len(dst)
	for i := range attrs {
		a := &attrs[i]
		switch k := keyOf(a.Name); {
		case a.Flag:
			dst = append(append(dst, k...), "true"...)
		case a.List != nil:
			dst = appendStrings(dst, k, a.List)
		default:
			dst = appendText(dst, k, a.Text)
		}
	}
	return closeObject(dst, start)
}

func appendPositions(dst []byte, list []Position) []byte {
	dst = append(dst, '[')
	for i := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendObject(dst, positionColumns, &list[i])
	}
	return append(dst, ']')
}

// appendUint appends a number, as a string where a double could not hold it.
func appendUint(dst []byte, n uint64) []byte {
	if n > maxExact {
		return append(strconv.AppendUint(append(dst, '"'), n, 10), '"')
	}
	return strconv.AppendUint(dst, n, 10)
}

// maxExact is 2^53: up to there every whole number is exact in a double.
const maxExact = 1 << 53

// canonicalNumber reports whether s is a whole number as strconv prints it and
// at most 2^53 from zero.
func canonicalNumber(s string) bool {
	digits := s
	if digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 16 || digits[0] == '0' && len(s) > 1 {
		return false
	}
	n := uint64(0)
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return false
		}
		n = n*10 + uint64(c)
	}
	return n <= maxExact
}

package record

import (
	"strconv"
	"unsafe"
)

// The Append functions append one line of the stream, newline included, and
// cannot fail. Optional values that are empty are left out.

// AppendSource appends a source line.
func AppendSource(dst []byte, s *Source) []byte { return appendLine(dst, TypeSource, sourceColumns, s) }

// AppendEvent appends an event line.
func AppendEvent(dst []byte, e *Event) []byte { return appendLine(dst, TypeEvent, eventColumns, e) }

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
	dst = append(dst, `{"v":1,"type":"record","src":"`...)
	dst = append(dst, src...)
	dst = append(dst, `","line":`...)
	dst = strconv.AppendUint(dst, line, 10)
	// the string lives only as long as this call and is not kept
	dst = appendKeyString(dst, "text", unsafe.String(unsafe.SliceData(text), len(text)))
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
	return append(appendColumns(append(dst, '{'), columns, v), '}')
}

func appendColumns[T any](dst []byte, columns []column[T], v *T) []byte {
	for i := range columns {
		c := &columns[i]
		switch p := c.at(v).(type) {
		case *string:
			if *p != "" || c.always {
				dst = appendKeyString(dst, c.key, *p)
			}
		case *uint64:
			if *p != 0 || c.always {
				dst = appendUint(appendKey(dst, c.key), *p)
			}
		case *uint32:
			if *p != 0 || c.always {
				dst = appendUint(appendKey(dst, c.key), uint64(*p))
			}
		case *uint8:
			if *p != 0 || c.always {
				dst = appendUint(appendKey(dst, c.key), uint64(*p))
			}
		case *Trust:
			dst, _ = appendString(appendKey(dst, c.key), p.String())
		case *Fields:
			dst = appendFields(dst, p)
		case **Fields:
			if *p != nil {
				dst = append(appendFields(append(appendKey(dst, c.key), '{'), *p), '}')
			}
		case *[]string:
			if len(*p) > 0 || c.always {
				dst = appendStrings(dst, c.key, *p)
			}
		case *[]Attr:
			if len(*p) > 0 || c.always {
				dst = appendAttrs(appendKey(dst, c.key), *p)
			}
		case *[]Position:
			if len(*p) > 0 || c.always {
				dst = appendPositions(appendKey(dst, c.key), *p)
			}
		case *Evidence:
			if p.Count > 0 || c.always {
				dst = appendObject(appendKey(dst, c.key), evidenceColumns, p)
			}
		case *Sample:
			if *p != (Sample{}) || c.always {
				dst = appendObject(appendKey(dst, c.key), sampleColumns, p)
			}
		}
	}
	return dst
}

func appendFields(dst []byte, fields *Fields) []byte {
	for f := range fields {
		s := fields[f]
		if s == "" {
			continue
		}
		info := &fieldInfos[f]
		if info.number && canonicalNumber(s) {
			dst = append(appendKey(dst, info.name), s...)
		} else {
			dst = appendKeyString(dst, info.name, s)
		}
	}
	return dst
}

// appendStrings appends a list. Where any member is not UTF-8, the twin under
// "_b64" holds the exact bytes of all of them.
func appendStrings(dst []byte, key string, list []string) []byte {
	dst = append(appendKey(dst, key), '[')
	allExact := true
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		var exact bool
		dst, exact = appendString(dst, s)
		allExact = allExact && exact
	}
	dst = append(dst, ']')
	if allExact {
		return dst
	}
	dst = append(appendKey(dst, key+b64Suffix), '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendBase64(dst, s)
	}
	return append(dst, ']')
}

func appendAttrs(dst []byte, attrs []Attr) []byte {
	dst = append(dst, '{')
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.Flag:
			dst = append(appendKey(dst, a.Name), "true"...)
		case a.List != nil:
			dst = appendStrings(dst, a.Name, a.List)
		default:
			dst = appendKeyString(dst, a.Name, a.Text)
		}
	}
	return append(dst, '}')
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

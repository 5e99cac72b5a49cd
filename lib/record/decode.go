package record

import (
	"errors"
	"strconv"
	"unicode/utf8"
)

// ErrVersion is the error for a line of another version of the format: nothing
// that follows it can be trusted to mean what it seems to.
var ErrVersion = errors.New(`not "v":1: written by another version of sl`)

// ErrLong is the error for a line of more than MaxLine bytes.
var ErrLong = errors.New("line longer than 1 MiB")

// A Message is one decoded line: Type says which of the others is filled. Its
// strings do not share memory with the line.
type Message struct {
	Type   Type
	Source Source
	Record Record
	Event  Event
	Rule   Rule
	Note   Note
	Error  Error
	Mark   Mark
	End    End

	shapes shapes // of the events so far
}

// Decode decodes one line, without its newline, into m. The errors are
// [ErrVersion], [ErrLong] or a [*SyntaxError]. A line of an unknown type gives
// TypeUnknown and no error.
func (m *Message) Decode(line []byte) error {
	if len(line) >= MaxLine {
		return ErrLong
	}
	if m.shapes.decode(line, &m.Event) {
		m.Type = TypeEvent
		return nil
	}
	if !utf8.Valid(line) {
		return &SyntaxError{invalidAt(line), "not UTF-8"}
	}
	t, ok := TypeOf(line)
	s := string(line)
	if !ok {
		var err error
		if t, err = header(s); err != nil {
			return err
		}
	}
	m.Type = t
	sc := scanner{s: s}
	switch t {
	case TypeSource:
		decodeLine(&sc, sourceTable(), &m.Source)
	case TypeRecord:
		decodeLine(&sc, recordTable(), &m.Record)
	case TypeEvent:
		if decodeLine(&sc, eventTable(), &m.Event); sc.err == nil {
			m.shapes.learn(s, &m.Event)
		}
	case TypeRule:
		decodeLine(&sc, ruleTable(), &m.Rule)
	case TypeNote:
		decodeLine(&sc, noteTable(), &m.Note)
	case TypeError:
		decodeLine(&sc, errorTable(), &m.Error)
	case TypeMark:
		decodeLine(&sc, markTable(), &m.Mark)
	case TypeEnd:
		decodeLine(&sc, endTable(), &m.End)
	default:
		sc.skip(1)
		sc.end()
	}
	return sc.failure()
}

// TypeOf returns the type of a line that starts as every line of ours does,
// without a look at the rest. ok is false for any other line: it may still be
// well formed with its keys in another order, and Decode will tell.
func TypeOf(line []byte) (t Type, ok bool) {
	const start = `{"v":1,"type":"`
	if len(line) < len(start) || string(line[:len(start)]) != start {
		return 0, false
	}
	rest := line[len(start):]
	for t := TypeSource; t <= TypeEnd; t++ {
		name := typeNames[t]
		if len(rest) > len(name) && string(rest[:len(name)]) == name && rest[len(name)] == '"' {
			return t, true
		}
	}
	return 0, false
}

// header reads a whole line for its version and type, wherever they stand.
func header(s string) (Type, error) {
	sc := scanner{s: s}
	version, name := "", ""
	if sc.peek() != '{' {
		sc.fail(sc.i, `not a record of sl, {"v":1,"type":... expected`)
	}
	sc.object(1, func(key string) {
		switch key {
		case "v":
			version = sc.number()
		case "type":
			name = sc.str()
		default:
			sc.skip(2)
		}
	})
	sc.end()
	switch {
	case sc.err != nil:
		return 0, sc.err
	case version != strconv.Itoa(Version):
		return 0, ErrVersion
	case name == "":
		return 0, &SyntaxError{0, "no type"}
	}
	for t := TypeSource; t <= TypeEnd; t++ {
		if name == typeNames[t] {
			return t, nil
		}
	}
	return TypeUnknown, nil
}

func decodeLine[T any](sc *scanner, t *table[T], v *T) {
	var zero T
	*v = zero
	t.decode(sc, 1, v)
	sc.end()
}

func (sc *scanner) failure() error {
	if sc.err == nil {
		return nil
	}
	return sc.err
}

func invalidAt(line []byte) int {
	i := 0
	for i < len(line) {
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

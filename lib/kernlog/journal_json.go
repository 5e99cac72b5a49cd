package kernlog

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/record"
)

// ParseJSON takes one line of "journalctl -o json" apart, as [Parser.ParseEntry]
// does. e is overwritten: it is what the line says, and empty where the line was
// passed over unread, because no message of ours can be in it.
//
// An error is of type [*Error]: the line is no object as journalctl writes it,
// or its message is not well formed.
func (p *Parser) ParseJSON(line []byte, e *Entry, ev *record.Event) (Result, error) {
	*e, *ev = Entry{}, record.Event{}
	line = bytes.TrimSpace(line)
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' {
		return Result{}, &Error{0, "not an entry of journalctl -o json: " + quote(string(line[:min(len(line), maxQuote+1)]))}
	}
	if !marked(line) && !hidesMessage(line) {
		return Result{}, nil
	}
	if err := e.readJSON(line); err != nil {
		*e = Entry{}
		return Result{}, err
	}
	return p.ParseEntry(e, ev)
}

// hidesMessage reports whether the message of an entry is no plain string, so
// that a marker does not show: it is null, or an array of its bytes.
func hidesMessage(line []byte) bool {
	const key = `"MESSAGE"`
	for {
		i := bytes.Index(line, []byte(key))
		if i < 0 {
			return false
		}
		line = bytes.TrimLeft(line[i+len(key):], " \t")
		if len(line) > 0 && line[0] == ':' {
			line = bytes.TrimLeft(line[1:], " \t")
			return len(line) == 0 || line[0] != '"'
		}
	}
}

// readJSON reads the object (systemd's logs-show.c, output_json): a value is a
// string; an array of bytes where it is not UTF-8 or has control characters;
// null where it is long; an array of these where the field has several.
func (e *Entry) readJSON(line []byte) error {
	if !utf8.Valid(line) {
		return &Error{0, "a journal entry that is not UTF-8"}
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	fail := func(what string) error { return &Error{int(dec.InputOffset()), "a journal entry with " + what} }
	if _, err := dec.Token(); err != nil { // the brace
		return fail("wrong syntax")
	}
	var seen [numEntryFields]bool
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return fail("wrong syntax")
		}
		name, ok := key.(string)
		if !ok {
			return fail("wrong syntax")
		}
		f, wanted := entryFieldOf(name)
		if wanted && seen[f] {
			return fail("two keys " + name)
		}
		if wanted {
			seen[f] = true
		}
		token, err := dec.Token()
		if err != nil {
			return fail("wrong syntax")
		}
		if !value(dec, token, 0, func(v *string) {
			switch {
			case !wanted:
			case v != nil:
				e.add(f, *v)
			default:
				e.add(f, "")
				e.leftOut = e.leftOut || f == entryMessage
			}
		}) {
			return fail("a value that journalctl does not write")
		}
	}
	if _, err := dec.Token(); err != nil {
		return fail("wrong syntax")
	}
	if _, err := dec.Token(); err != io.EOF {
		return fail("text behind it")
	}
	return nil
}

// value reads the value that starts with a token and calls add with each text of
// it, nil being one that was left out; ok is false for one of another form.
// depth counts the arrays around it.
func value(dec *json.Decoder, token json.Token, depth int, add func(*string)) (ok bool) {
	switch v := token.(type) {
	case nil:
		add(nil)
		return true
	case string:
		add(&v)
		return true
	case json.Delim:
		if v != '[' || depth > 1 {
			return false
		}
	default:
		return false
	}
	var raw []byte
	for n := 0; dec.More(); n++ {
		token, err := dec.Token()
		if err != nil {
			return false
		}
		number, isByte := token.(json.Number)
		if isByte != (len(raw) > 0) && n > 0 {
			return false
		}
		if !isByte {
			if !value(dec, token, depth+1, add) {
				return false
			}
			continue
		}
		c, err := strconv.ParseUint(number.String(), 10, 8)
		if err != nil {
			return false
		}
		raw = append(raw, byte(c))
	}
	if len(raw) > 0 {
		text := string(raw)
		add(&text)
	}
	_, err := dec.Token() // the bracket
	return err == nil
}

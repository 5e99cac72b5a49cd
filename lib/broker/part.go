package broker

import (
	"bytes"
	"errors"
)

// The lines around the broker's part of a file. Each rule language takes them
// for comments.
const (
	beginLine = "# BEGIN sl-write: rules between these lines are managed by sl-write(1)"
	endLine   = "# END sl-write"
)

// A layout is a file cut at the two marker lines. before and after are
// hand-written and never changed.
type layout struct {
	before []byte // to the start of the BEGIN line, or the whole file
	body   []byte // what is ours: the lines between the two
	after  []byte // from behind the text of the END line
	line   int    // number of the body's first line, from 1; 0 without markers
}

// cut finds the markers in text. It returns a *lineError where they do not
// come in one pair, or where a line that was one has been altered: appending a
// second part behind a damaged first one would leave rules that nobody manages.
func cut(text []byte) (layout, error) {
	var (
		whole = layout{before: text}
		l     layout
		done  bool
	)
	for at, number := 0, 1; at < len(text); number++ {
		line, _, _ := bytes.Cut(text[at:], []byte{'\n'})
		next := min(at+len(line)+1, len(text))
		switch {
		case string(line) == beginLine && l.line != 0:
			return whole, &lineError{number, errors.New("second BEGIN line of sl-write")}
		case string(line) == beginLine:
			l.before, l.line = text[:at], number+1
			l.body = text[next:]
		case string(line) == endLine && (l.line == 0 || done):
			return whole, &lineError{number, errors.New("END line of sl-write without a BEGIN line before it")}
		case string(line) == endLine:
			l.body = l.body[:len(l.body)-len(text)+at]
			l.after = text[at+len(endLine):]
			done = true
		case wasMarker(line):
			return whole, &lineError{number, errors.New("altered marker line of sl-write")}
		}
		at = next
	}
	switch {
	case l.line == 0:
		return whole, nil
	case !done:
		return whole, &lineError{l.line - 1, errors.New("BEGIN line of sl-write without an END line after it")}
	}
	return l, nil
}

// wasMarker reports whether a line still looks like a marker, blanks and signs
// of comments aside.
func wasMarker(line []byte) bool {
	line = bytes.TrimLeft(line, " \t#")
	return bytes.HasPrefix(line, []byte("BEGIN sl-write")) || bytes.HasPrefix(line, []byte("END sl-write"))
}

// join puts the file together again around another body, which must be empty or
// end in a newline.
func (l layout) join(body []byte) []byte {
	text := make([]byte, 0, len(l.before)+len(beginLine)+len(body)+len(endLine)+len(l.after)+3)
	text = append(text, l.before...)
	if n := len(text); n > 0 && text[n-1] != '\n' {
		text = append(text, '\n') // only without markers: a BEGIN line starts a line
	}
	text = append(text, beginLine+"\n"...)
	text = append(text, body...)
	text = append(text, endLine...)
	if l.line == 0 {
		return append(text, '\n')
	}
	return append(text, l.after...)
}

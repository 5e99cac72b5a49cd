package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
)

// Session is the second start: what Run works with.
type Session struct {
	messages
	*sandbox.Inside // descriptors that Open kept, the companion's socket
	Out             *Output
	End             record.End // the counts; In is the stage's own affair, Errors and Lost add up what comes in
	Text            bool       // the output is text for people: no end record
	ErrorLines      bool       // what cannot be used is an error of the output, and not told on standard error
	Nothing         bool       // nothing was selected: status 4

	line    uint64 // of the stream on standard input
	partial bool
	cut     bool // the input stream had no end

	companion string // Companion.Does
}

// errCut is for a stream that stopped without an end record.
var errCut = WithHint(errors.New("the input has no end record: a program before this one died, or the stream was cut"),
	"if it was cut on purpose, say --partial")

// Complete reports whether the input stream came to its end, so that what was
// made of it may be acted upon.
func (s *Session) Complete() bool { return !s.cut }

// Unusable counts one line of input that cannot be used, and reports it.
func (s *Session) Unusable(file string, line uint64, err error) {
	s.UnusableText(file, line, err, "")
}

// UnusableText is Unusable with the text of the line, the beginning of which goes
// into the output with ErrorLines.
func (s *Session) UnusableText(file string, line uint64, err error, text string) {
	s.End.Errors++
	if !s.ErrorLines {
		s.Warn(file, line, err)
		return
	}
	s.Reported()
	s.Out.Put(record.AppendError(s.Out.Buffer(), &record.Error{
		File: file, Line: line, Err: err.Error(), Hint: hintOf(err), Text: text[:min(len(text), record.MaxErrorText)],
	}), 1)
}

// Pass writes one line of the stream on, as it came but for what a terminal could
// act upon or does not show.
func (s *Session) Pass(line []byte) {
	s.Out.Put(append(record.AppendSafe(s.Out.Buffer(), line), '\n'), 1)
}

// Stream reads the stream of records on standard input to its end and calls
// handle for each line.
//
// bulk may be nil. Else it is given whole lines first, and takes those that it
// can deal with all at once: it returns how many bytes and lines that are, from
// the beginning. first is the number of the first of them.
//
// The end records are added up and not handled; a line that is not well formed
// is reported and counted. Whatever handle returns ends the reading.
func (s *Session) Stream(bulk Bulk, handle func(m *record.Message, line []byte) error) error {
	in := NewBlocks(0, record.MaxLine-1, func() { s.Out.Flush() })
	st := &stream{s: s, bulk: bulk, handle: handle}
	for {
		block, err := in.Next()
		var long *LongError
		switch {
		case err == io.EOF:
			if st.spread != nil {
				s.Unusable("standard input", s.line, errors.New("the last object has no end"))
			}
			if !st.ended && !s.partial {
				s.cut = true
			}
			return nil
		case errors.As(err, &long):
			s.line++
			st.ended = false
			s.Unusable("standard input", s.line, record.ErrLong)
		case err != nil:
			return fmt.Errorf("standard input: %w", err)
		default:
			if err := st.block(block); err != nil {
				return err
			}
		}
		if s.Out.Failed() {
			return nil // finish says it
		}
	}
}

// Bulk deals with the lines at the beginning of a block, see [Session.Stream].
type Bulk func(block []byte, first uint64) (size int, lines uint64)

// stream is the state of one reading of a stream.
type stream struct {
	s      *Session
	bulk   Bulk
	handle func(*record.Message, []byte) error
	m      record.Message
	ended  bool   // the last line was an end record
	spread []byte // an object that jq has spread over several lines, so far
}

func (st *stream) block(block []byte) error {
	for len(block) > 0 {
		if st.bulk != nil && st.spread == nil {
			size, lines := st.bulk(block, st.s.line+1)
			if size > 0 {
				st.s.line += lines
				st.ended = false
				block = block[size:]
				continue
			}
		}
		line, rest, _ := bytes.Cut(block, newline)
		st.s.line++
		if err := st.next(line); err != nil {
			return err
		}
		block = rest
	}
	return nil
}

// next takes one line. jq without -c spreads an object over several lines, from
// "{" to "}" at the margin; they are put together again, for no string of JSON
// holds a newline.
func (st *stream) next(line []byte) error {
	if st.spread == nil && string(line) != "{" {
		return st.decode(line)
	}
	st.ended = false
	if len(st.spread)+len(line) >= record.MaxLine {
		st.spread = nil
		st.s.Unusable("standard input", st.s.line, record.ErrLong)
		return nil
	}
	st.spread = append(append(st.spread, line...), ' ')
	if string(line) != "}" {
		return nil
	}
	whole := st.spread
	st.spread = nil
	return st.decode(whole)
}

var newline = []byte{'\n'}

func (st *stream) decode(line []byte) error {
	if len(line) == 0 {
		return nil // an empty line between two streams does no harm
	}
	if err := st.m.Decode(line); err != nil {
		if err == record.ErrVersion {
			return fmt.Errorf("standard input:%d: %w", st.s.line, err)
		}
		if st.s.line == 1 && line[0] != '{' {
			return WithHint(fmt.Errorf("standard input:1: %w", err), "the input must be a stream of records, see sl-records(5)"+st.s.rawHint())
		}
		st.ended = false
		st.s.Unusable("standard input", st.s.line, err)
		return nil
	}
	st.ended = st.m.Type == record.TypeEnd
	if st.ended {
		st.s.End.Errors += st.m.End.Errors
		st.s.End.Lost += st.m.End.Lost
		st.s.End.Sources = append(st.s.End.Sources, st.m.End.Sources...)
		return nil
	}
	return st.handle(&st.m, line)
}

// rawHint names the flag or the program that raw text needs.
func (s *Session) rawHint() string {
	switch s.name {
	case "sl-parse":
		return "; for raw log text say -R"
	case "sl-read":
		return ""
	case "sl-write":
		return "; log text goes through sl-parse and a generator first, and that without -r"
	}
	return "; log text goes through sl-parse first"
}

// Lines reads raw lines from standard input and calls handle for each block of
// whole lines, first being the number of its first line.
func (s *Session) Lines(limit int, handle func(block []byte, first uint64) error) error {
	in := NewBlocks(0, limit, func() { s.Out.Flush() })
	line := uint64(1)
	for {
		block, err := in.Next()
		var long *LongError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &long):
			s.End.In++
			s.UnusableText("standard input", line, fmt.Errorf("line longer than %d bytes, starts %q", limit, long.Head[:min(len(long.Head), 64)]), string(long.Head))
			line++
		case err != nil:
			return fmt.Errorf("standard input: %w", err)
		default:
			if err := handle(block, line); err != nil {
				return err
			}
			line += uint64(bytes.Count(block, []byte{'\n'}))
		}
		if s.Out.Failed() {
			return nil
		}
	}
}

// finish writes what is left and works out the exit status.
func (s *Session) finish(err error) int {
	s.total()
	if err == nil && s.cut {
		err = errCut
	}
	if err == nil && !s.Text {
		s.End.Out = s.Out.lines
		s.Out.Put(record.AppendEnd(s.Out.Buffer(), &s.End), 1)
	}
	if flushErr := s.Out.Flush(); flushErr != nil {
		s.Fatal("standard output", flushErr)
		return ExitFatal
	}
	switch {
	case err != nil:
		return s.failed(err)
	case s.used > 0 || s.reported:
		return ExitInput
	case s.Nothing:
		return ExitNone
	}
	return ExitOK
}

// failed prints what ends the program, and returns its status.
func (s *Session) failed(err error) int {
	s.Fatal("", err)
	var c *companionError
	if errors.As(err, &c) {
		return c.status
	}
	return ExitFatal
}

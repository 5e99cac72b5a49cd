package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// A reader passes on the lines of one source.
type reader struct {
	s     *stage.Session
	raw   bool
	src   record.Source
	in    *stage.Blocks
	lines uint64 // read so far
	told  bool   // the source line is written
	grows bool   // it is followed
}

func newReader(s *stage.Session, raw bool, fd int, src record.Source) *reader {
	return &reader{s: s, raw: raw, src: src, in: stage.NewBlocks(fd, record.MaxLogLine, func() { s.Out.Flush() })}
}

// read goes to the end, as far as there is one now.
func (r *reader) read() error {
	for {
		r.tell()
		block, err := r.in.Next()
		var long *stage.LongError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &long):
			if err := r.packed(long.Head); err != nil {
				return err
			}
			r.count(1)
			r.s.Unusable(r.src.Path, r.lines, fmt.Errorf("line longer than %d bytes, starts %.64q", long.Limit, long.Head))
			r.stranger(r.lines)
			continue
		case err != nil:
			return err
		}
		if err := r.packed(block); err != nil {
			return err
		}
		r.pass(block)
		if r.s.Out.Failed() {
			return nil // finish says it
		}
	}
}

// packed is an error where the first line says that there are none. Raw bytes are
// passed on whatever they are, and a file that is followed is a log that grows.
func (r *reader) packed(line []byte) error {
	if r.raw || r.grows || r.lines > 0 {
		return nil
	}
	return packed(line)
}

// tell says what the source is, before the first line of it and where that changes.
func (r *reader) tell() {
	if !r.told && !r.raw {
		r.s.Out.Put(record.AppendSource(r.s.Out.Buffer(), &r.src), 1)
		r.told = true
	}
}

// pass passes on a block.
func (r *reader) pass(block []byte) {
	n := stage.CountLines(block)
	switch {
	case r.raw:
		r.s.Out.Put(source.AppendRaw(r.s.Out.Buffer(), block), n)
	case r.src.Audit != "":
		framed, left := source.FrameAudit(r.s.Out.Buffer(), r.src.ID, r.lines+1, block)
		n -= stage.CountLines(left)
		r.s.Out.Put(framed, n)
		if len(left) > 0 {
			r.count(n)
			r.stranger(r.lines + 1)
			r.tell()
			r.pass(left)
			return
		}
	default:
		r.s.Out.Put(source.Frame(r.s.Out.Buffer(), r.src.ID, r.lines+1, block), n)
	}
	r.count(n)
}

// stranger says that a line is not auditd's. Whoever wrote it may have written those
// behind it, too, whatever they look like.
func (r *reader) stranger(line uint64) {
	if r.raw || r.src.Audit == "" {
		return
	}
	r.s.Unusable(r.src.Path, line, errStranger)
	r.src, r.told = source.WithAudit(r.src, ""), false
}

var errStranger = stage.WithHint(errors.New("no audit record: from this line on the log is believed no more than any other"),
	"see who else writes to the file: nobody but auditd should")

func (r *reader) count(lines uint64) {
	r.lines += lines
	r.s.End.In += lines
}

// position is how far the source was read.
func (r *reader) position() record.Position {
	return record.Position{Path: r.src.Path, Dev: r.src.Dev, Ino: r.src.Ino, Offset: r.in.Offset(), Line: r.lines}
}

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// A follower reads files that grow, and writes a mark whenever it has read all that
// there is.
type follower struct {
	s       *stage.Session
	raw     bool
	user    uint32 // who started us
	files   []*followed
	written uint64 // lines, up to the last mark
}

// A followed is a name, and the file that has it now.
type followed struct {
	*reader // nil where there is none
	fd      int
	day     string // the day of the time that the source line says, UTC
}

func (f *flags) follow(s *stage.Session) error {
	fo := &follower{s: s, raw: f.Raw, user: f.User}
	inputs := s.Inputs
	for i, n := range f.Names {
		file := &followed{}
		if n.Open {
			file.begin(fo, inputs[0], f.Sources[i])
			inputs = inputs[1:]
		}
		fo.files = append(fo.files, file)
	}
	buf := make([]byte, maxMessage)
	for {
		for _, file := range fo.files {
			fo.read(file)
		}
		fo.mark()
		if s.Out.Failed() {
			return nil // finish says it
		}
		if err := fo.wait(f.Names, buf); err != nil {
			return err
		}
	}
}

func (file *followed) begin(fo *follower, fd int, src record.Source) {
	file.reader, file.fd, file.day = newReader(fo.s, fo.raw, fd, src), fd, day(src.Mtime)
	file.in.Grow(true)
	file.grows = true
}

// read reads to the end there is now.
func (fo *follower) read(file *followed) {
	if file.reader == nil {
		return
	}
	if err := file.read(); err != nil {
		fo.s.Unusable(file.src.Path, 0, err)
		file.reader = nil
	}
}

// mark says how far everything was read, where something was since the last time.
func (fo *follower) mark() {
	if fo.raw || fo.s.End.In == fo.written {
		fo.s.Out.Flush()
		return
	}
	fo.written = fo.s.End.In
	var m record.Mark
	for _, file := range fo.files {
		if file.reader != nil {
			m.Sources = append(m.Sources, file.position())
		}
	}
	fo.s.Out.Put(record.AppendMark(fo.s.Out.Buffer(), &m), 1)
	fo.s.Out.Flush()
}

// wait waits for the companion's next message and does what it says.
func (fo *follower) wait(names []name, buf []byte) error {
	n, fd, err := fo.s.Receive(buf)
	if err != nil {
		return err
	}
	index, size := binary.Varint(buf[:n])
	text := buf[max(size, 0):n]
	switch {
	case index == noName && fd < 0:
		for _, file := range fo.files {
			file.renew()
		}
		return nil
	case size <= 0 || index < 0 || index >= int64(len(fo.files)):
		return errors.New("the companion that opens files sent nonsense")
	case fd < 0:
		fo.s.Unusable(names[index].Path, 0, errors.New(string(text)))
		return nil
	}
	src, err := names[index].describe(fd, fo.user)
	if err != nil {
		return fmt.Errorf("the companion that opens files sent none of %s: %w", names[index].Path, err)
	}
	fo.change(fo.files[index], fd, src)
	return nil
}

// describe says what a descriptor of a file with the name is. Both processes ask it of
// the kernel: what a line is trusted for is not for the companion to say.
func (n *name) describe(fd int, user uint32) (record.Source, error) {
	src, err := source.Describe(fd, n.Path)
	if err == nil && src.Kind != "file" {
		err = errors.New("is no regular file any more")
	}
	return source.Again(src, n.Audit, user), err
}

// change goes over to another file of the same name. What stands in the old one is
// read first; of one that was cut, nothing is there any more.
func (fo *follower) change(file *followed, fd int, src record.Source) {
	if file.reader != nil {
		if file.src.Dev != src.Dev || file.src.Ino != src.Ino {
			file.in.Grow(false)
			fo.read(file)
		}
		unix.Close(file.fd)
	}
	file.begin(fo, fd, src)
}

// renew says anew when the source was last written, where that was on another day:
// sl-parse works out from it the years of stamps that have none, and what comes now
// is of today.
func (file *followed) renew() {
	if file.reader == nil {
		return
	}
	if now := time.Now().UTC().Format(time.RFC3339); day(now) != file.day {
		file.day = day(now)
		file.src = source.Renew(file.src, now)
		file.told = false
	}
}

// day is the date of an RFC 3339 stamp.
func day(stamp string) string { return stamp[:min(len(stamp), len("2006-01-02"))] }

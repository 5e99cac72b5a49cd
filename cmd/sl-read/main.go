// Sl-read opens logs, locks itself in, and writes their lines as records.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Raw   bool     `short:"r" help:"write raw text instead of records"`
	Files []string `arg:"" optional:"" name:"file" help:"logs to read; - is standard input, the default"`

	Sources []record.Source `kong:"-"` // those files that could be opened
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:     "sl-read",
		About:    "read logs with privilege, frame them without",
		Synopsis: []string{"[-qr] [FILE...]"},
		Flags:    &f,
		Policy:   sandbox.Policy{Calls: "read", Data: 512 << 20},
		Open:     f.open,
		Run:      f.run,
	}))
}

// open opens everything that was named before anything of it is read.
func (f *flags) open(first *stage.First) error {
	if len(f.Files) == 0 {
		f.Files = []string{"-"}
	}
	if len(f.Files) > sandbox.MaxInputs {
		return stage.WithHint(fmt.Errorf("%d files, the most is %d", len(f.Files), sandbox.MaxInputs), "streams of several runs may stand one behind the other: xargs does it")
	}
	for _, path := range f.Files {
		fd, src, err := source.Open(path)
		if err != nil {
			first.Warn(path, 0, err)
			continue
		}
		first.Inputs = append(first.Inputs, fd)
		f.Sources = append(f.Sources, src)
	}
	return nil
}

func (f *flags) run(s *stage.Session) error {
	s.Text = f.Raw
	for i := range f.Sources {
		src := &f.Sources[i]
		if err := f.read(s, s.Inputs[i], src); err != nil {
			s.Unusable(src.Path, 0, err)
		}
	}
	return nil
}

// read passes on one source.
func (f *flags) read(s *stage.Session, fd int, src *record.Source) error {
	if !f.Raw {
		s.Out.Put(record.AppendSource(s.Out.Buffer(), src), 1)
	}
	in := stage.NewBlocks(fd, record.MaxLogLine, func() { s.Out.Flush() })
	line := uint64(1)
	defer func() {
		s.End.In += line - 1
		s.End.Sources = append(s.End.Sources, record.Position{Path: src.Path, Dev: src.Dev, Ino: src.Ino, Offset: in.Offset(), Line: line - 1})
	}()
	for {
		block, err := in.Next()
		var long *stage.LongError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &long):
			s.Unusable(src.Path, line, fmt.Errorf("line longer than %d bytes, starts %.64q", long.Limit, long.Head))
			line++
			continue
		case err != nil:
			return err
		}
		n := stage.CountLines(block)
		if f.Raw {
			s.Out.Put(source.AppendRaw(s.Out.Buffer(), block), n)
		} else {
			s.Out.Put(source.Frame(s.Out.Buffer(), src.ID, line, block), n)
		}
		line += n
		if s.Out.Failed() {
			return nil // finish says it
		}
	}
}

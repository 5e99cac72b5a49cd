package stage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

// A filter over plain text: it numbers the lines of its standard input.
func Example() {
	var flags struct{ stage.Common }
	os.Exit(stage.Main(&stage.Program{
		Name:       "number",
		Version:    "1.0",
		About:      "number lines",
		Synopsis:   []string{""},
		Flags:      &flags,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: sandbox.MinData},
		Run: func(s *stage.Session) error {
			s.Text = true // the output is no stream of records
			return s.Lines(64<<10, func(block []byte, first uint64) error {
				for line := range bytes.Lines(block) {
					s.Out.Put(append(fmt.Appendf(s.Out.Buffer(), "%d ", first), line...), 1)
					first++
				}
				return nil
			})
		},
	}))
}

// A stage over the stream: it leaves out the notes.
func ExampleSession_Stream() {
	var flags struct{ stage.Common }
	os.Exit(stage.Main(&stage.Program{
		Name:       "denote",
		About:      "leave out the notes",
		Synopsis:   []string{""},
		Flags:      &flags,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: sandbox.MinData},
		Run: func(s *stage.Session) error {
			return s.Stream(nil, func(m *record.Message, line []byte) error {
				s.End.In++
				if m.Type == record.TypeNote {
					s.End.Skipped++
					return nil
				}
				s.Pass(line)
				return nil
			})
		},
	}))
}

// A program that reads a file which it opens while it still can, and a word that
// it has learnt from its surroundings.
func ExampleFirst() {
	var flags struct {
		stage.Common
		File string `arg:"" help:"what to read"`

		Name string `kong:"-"` // no flag: what Open has learnt
	}
	os.Exit(stage.Main(&stage.Program{
		Name:     "quote",
		About:    "print a file with somebody's name before each line",
		Synopsis: []string{"FILE"},
		Flags:    &flags,
		Policy:   sandbox.Policy{Calls: "read", Data: sandbox.MinData},
		Open: func(first *stage.First) error {
			fd, err := unix.Open(flags.File, unix.O_RDONLY|unix.O_CLOEXEC, 0)
			if err != nil {
				return stage.WithHint(fmt.Errorf("%s: %w", flags.File, err), "is it there, and may you read it?")
			}
			first.Inputs = []int{fd}
			flags.Name = os.Getenv("LOGNAME")
			return nil
		},
		Run: func(s *stage.Session) error {
			s.Text = true
			in := stage.NewBlocks(s.Inputs[0], 64<<10, func() { s.Out.Flush() })
			line := uint64(1)
			for {
				block, err := in.Next()
				var long *stage.LongError
				switch {
				case err == io.EOF:
					return nil
				case errors.As(err, &long):
					s.Unusable(flags.File, line, err)
					line++
					continue
				case err != nil:
					return err
				}
				for text := range bytes.Lines(block) {
					s.Out.Put(append(fmt.Appendf(s.Out.Buffer(), "%s: ", flags.Name), text...), 1)
				}
				line += stage.CountLines(block)
			}
		},
	}))
}

// Blocks are whole lines, as many as there are, and a line over the limit is
// reported.
func ExampleBlocks() {
	r, w, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprintf(w, "one\ntwo\n%s\nlast", bytes.Repeat([]byte("long "), 100))
	w.Close()
	in := stage.NewBlocks(int(r.Fd()), 300, nil)
	for {
		block, err := in.Next()
		var long *stage.LongError
		switch {
		case err == io.EOF:
			return
		case errors.As(err, &long):
			fmt.Printf("more than %d bytes: %.9q\n", long.Limit, long.Head)
		case err != nil:
			fmt.Println(err)
			return
		default:
			fmt.Printf("%d lines: %q\n", stage.CountLines(block), block)
		}
	}
	// Output:
	// 2 lines: "one\ntwo\n"
	// more than 300 bytes: "long long"
	// 1 lines: "last"
}

// What is appended to the buffer is written when it is full, and by Flush.
func ExampleOutput() {
	r, w, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		return
	}
	out := stage.NewOutput(int(w.Fd()))
	out.Put(fmt.Appendf(out.Buffer(), "%d lines in all\n", 1), 1)
	out.WriteString("and a text\n")
	if err := out.Flush(); err != nil {
		fmt.Println(err)
		return
	}
	w.Close()
	text, err := io.ReadAll(r)
	fmt.Printf("%s%v\n", text, err)
	// Output:
	// 1 lines in all
	// and a text
	// <nil>
}

// Sl-read opens logs with the privileges it has, gives these up, and passes the
// lines on.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Raw     bool     `short:"r" help:"write raw text instead of records"`
	Follow  bool     `short:"f" help:"go on with what is added to the files, and with those that take their names"`
	Audit   vouched  `placeholder:"FILE" help:"read a log that nobody but auditd has written: the user vouches for it (/var/log/audit/audit.log)"`
	Journal journals `placeholder:"DIR|FILE" help:"read the journal's files: those of this machine, of a folder, or one"`
	Files   []string `arg:"" optional:"" name:"file" help:"logs to read; - is standard input, the default"`

	Sources []record.Source `kong:"-"` // those files that could be opened
	Names   []name          `kong:"-"` // with -f, what is followed, one for each source
	User    uint32          `kong:"-"` // who vouches
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:     "sl-read",
		About:    "read logs with privilege, frame them without",
		Synopsis: []string{"[-fqr] [--audit[=FILE]]... [--journal[=DIR|FILE]]... [FILE...]"},
		Flags:    &f,
		Policy:   sandbox.Policy{Calls: "read", Data: 512 << 20},
		Open:     f.open,
		Run:      f.run,
		Companions: []stage.Companion{{
			Policy: sandbox.Policy{Calls: "open", Data: sandbox.MinData},
			With:   sandbox.Policy{Calls: "follow", Data: 512 << 20},
			Does:   "opens files",
			Run:    f.watch,
		}},
	}))
}

// open opens everything that was named before anything of it is read.
func (f *flags) open(first *stage.First) error {
	f.User = uint32(os.Getuid())
	if f.Follow && len(f.Journal) > 0 {
		return stage.WithHint(errors.New("-f does not follow journals: without it they are read as they stand"), "journalctl -f -o export | sl-parse --export")
	}
	if f.Follow {
		return f.openToFollow(first)
	}
	if len(f.Audit)+len(f.Journal)+len(f.Files) == 0 {
		f.Files = []string{"-"}
	}
	journals := f.Journal.files(first)
	if err := bounded(len(f.Audit)+len(journals)+len(f.Files), sandbox.MaxInputs); err != nil {
		return err
	}
	open := func(paths []string, how func(string) (int, record.Source, error)) {
		for _, path := range paths {
			fd, src, err := how(path)
			if err != nil {
				first.Warn(path, 0, elsewhere(path, err))
				continue
			}
			first.Inputs = append(first.Inputs, fd)
			f.Sources = append(f.Sources, src)
		}
	}
	open(f.Audit, source.OpenAudit)
	open(journals, source.OpenJournal)
	open(f.Files, source.Open)
	return nil
}

func bounded(files, most int) error {
	if files <= most {
		return nil
	}
	return stage.WithHint(fmt.Errorf("%d files, the most is %d", files, most), "streams of several runs may stand one behind the other: xargs does it")
}

func (f *flags) run(s *stage.Session) error {
	s.Text = f.Raw
	if f.Follow {
		return f.follow(s)
	}
	journals := &journalReader{s: s, raw: f.Raw}
	for i, src := range f.Sources {
		if src.Journal != "" {
			journals.add(s.Inputs[i], src)
		}
	}
	journals.read()
	journals.nothing()
	s.End.Sources = append(s.End.Sources, journals.positions()...)
	for i := range f.Sources {
		if f.Sources[i].Journal != "" {
			continue
		}
		r := newReader(s, f.Raw, s.Inputs[i], f.Sources[i])
		if err := r.read(); err != nil {
			s.Unusable(r.src.Path, 0, err)
		}
		s.End.Sources = append(s.End.Sources, r.position())
	}
	return nil
}

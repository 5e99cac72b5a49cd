// Keep is a stage that stands between sl-parse and a generator: of the events in
// the stream it keeps those of one profile, or of one source address.
//
//	sl-read LOG | sl-parse | keep -p firefox | sl-apparmor -r
package main

import (
	"errors"
	"os"
	"slices"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Profile []string `short:"p" placeholder:"NAME" help:"keep the events of this AppArmor profile; may be given again"`
	Source  []string `short:"s" placeholder:"ADDRESS" help:"keep the packets from this address; may be given again"`
	Empty   bool     `short:"e" help:"exit with 4 where no event was kept"`
}

// Validate is called once the flags are parsed: what it returns is a usage error.
func (f *flags) Validate() error {
	if len(f.Profile)+len(f.Source) == 0 {
		return errors.New("what is to be kept: -p, -s?")
	}
	return nil
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:       "keep",
		Version:    "1.0",
		About:      "keep the events of a profile or of a source address",
		Synopsis:   []string{"[-eq] [-p NAME]... [-s ADDRESS]..."},
		Flags:      &f,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: sandbox.MinData},
		Run:        f.run,
	}))
}

// run is all that this stage does. What is no event passes as it came.
func (f *flags) run(s *stage.Session) error {
	events := 0
	err := s.Stream(nil, func(m *record.Message, line []byte) error {
		s.End.In++
		if m.Type == record.TypeEvent {
			if !f.wants(&m.Event) {
				s.End.Skipped++
				return nil
			}
			events++
		}
		s.Pass(line)
		return nil
	})
	s.Nothing = f.Empty && events == 0
	return err
}

func (f *flags) wants(e *record.Event) bool {
	return slices.Contains(f.Profile, e.Fields[record.FProfile]) || slices.Contains(f.Source, e.Fields[record.FSrc])
}

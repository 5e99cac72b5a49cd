// Sl-parse takes log lines apart: it writes an event for each AppArmor or
// netfilter message of the kernel.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Raw       bool     `short:"R" help:"the input is raw log text instead of records"`
	Journal   bool     `short:"J" help:"the input is what journalctl -o json prints, and it is believed"`
	Export    bool     `help:"the input is what journalctl -o export prints, and it is believed"`
	Unique    bool     `short:"u" help:"merge events that say the same into one with a count"`
	MaxUnique int      `default:"10000" placeholder:"N" help:"with -u: hold so many different events"`
	Only      string   `enum:",apparmor,netfilter" default:"" placeholder:"KIND" help:"write events of this kind only: apparmor or netfilter"`
	Prefix    []string `sep:"none" placeholder:"TEXT=VERDICT[:CHAIN]" help:"what a log prefix of your firewall means: accept, drop, reject, none or unknown; may be given again"`
	Prefixes  string   `placeholder:"FILE" help:"read such prefixes from FILE, one a line"`
	InputName bool     `help:"every line begins with the name of the rsyslog input it came through"`
	Year      int      `placeholder:"Y" help:"the year of stamps that have none"`
	TZ        string   `name:"tz" placeholder:"ZONE" help:"the zone of stamps that have none: UTC, +02:00, Europe/Berlin"`
	Errors    bool     `help:"write lines that cannot be used to the stream, as errors"`
	Stats     bool     `help:"say at the end what the lines were"`

	Table    []kernlog.Prefix `kong:"-"` // what --prefix and --prefixes say
	ZoneData []byte           `kong:"-"` // the file of the zone of --tz, where it has one
}

// Validate reads the prefixes: a wrong one is a usage error.
func (f *flags) Validate() error {
	for _, text := range f.Prefix {
		p, err := kernlog.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("--prefix: %w", err)
		}
		f.Table = append(f.Table, p)
	}
	switch {
	case f.Raw && f.Journal, f.Raw && f.Export, f.Journal && f.Export:
		return errors.New("-R, -J and --export exclude each other")
	case f.MaxUnique < 1 || f.MaxUnique > 100_000: // some 2 KiB each
		return errors.New("--max-unique: from 1 to 100000")
	case f.Year != 0 && (f.Year < 1970 || f.Year > 9999):
		return errors.New("--year: four digits, from 1970 on")
	}
	return nil
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:  "sl-parse",
		About: "take AppArmor and netfilter messages apart",
		Synopsis: []string{"[-qu] [-J | -R | --export] [--only KIND] [--prefix TEXT=VERDICT[:CHAIN]]... [--prefixes FILE]" +
			" [--input-name] [--year Y] [--tz ZONE] [--errors] [--stats] [--max-unique N]"},
		Flags:      &f,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: 2 << 30},
		Open:       f.open,
		Run:        f.run,
	}))
}

// open reads the files that were named, for the second start has none.
func (f *flags) open(*stage.First) error { return cmp.Or(f.readZone(), f.readPrefixes()) }

func (f *flags) run(s *stage.Session) error {
	c, err := newClassifier(f, s)
	if err != nil {
		return err
	}
	switch {
	case f.Raw:
		err = s.Lines(record.MaxLogLine, c.raw)
	case f.Journal:
		err = s.Lines(record.MaxLine-1, c.entries)
	case f.Export:
		if err = s.Parts(c.part); err == nil {
			c.exportEnd()
		}
	default:
		err = s.Stream(c.records, c.message)
	}
	c.finish()
	return err
}

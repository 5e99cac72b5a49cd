// Sl-iptables makes firewall rules from the logged packets in a stream.
package main

import (
	"iter"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/propose"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

type flags struct {
	stage.Common
	Raw           bool          `short:"r" help:"print rule text for people instead of records"`
	Empty         bool          `short:"e" help:"exit with 4 where no rule was made"`
	Allow         bool          `help:"propose rules that let through what was dropped or rejected"`
	Block         bool          `help:"propose rules against sources that knock often"`
	Syntax        string        `enum:"nft,iptables-restore,iptables,ipset" default:"nft" placeholder:"SYNTAX" help:"of the rules: nft, iptables-restore, iptables or, with --block, ipset"`
	Sources       string        `enum:"exact,net,any" default:"exact" placeholder:"exact|net|any" help:"with --allow: for the addresses seen, for the networks around them, or for everybody"`
	Widen         []int         `placeholder:"BITS[,BITS6]" help:"the networks of --sources=net: 24 for IPv4, 64 for IPv6"`
	AssumeDropped bool          `hidden:"" help:"gone: sl-parse --prefix says it of one prefix"`
	MinHits       int           `placeholder:"N" help:"with --block: from so many packets on (10)"`
	MinPorts      int           `placeholder:"N" help:"with --block: from so many different ports on"`
	MinHosts      int           `placeholder:"N" help:"with --block: from so many different destinations on"`
	Within        time.Duration `placeholder:"TIME" help:"with --block: count only packets that come so near each other, as 10m"`
	Expire        time.Duration `placeholder:"TIME" help:"with --block: only for so long, as 24h; nft and ipset"`
	Ruleset       []string      `sep:"none" placeholder:"FILE" help:"leave out what these rules do already, and hold the log against them: what iptables-save, ip6tables-save or nft -j list ruleset print; may be given again"`
	Interfaces    []string      `sep:"none" placeholder:"FILE" help:"hold the log against the names of the interfaces that the host has, one a line, as ls /sys/class/net prints them; may be given again"`
	Never         []string      `sep:"none" placeholder:"CIDR|FILE" help:"with --block: never against these addresses; may be given again"`
	Spoofable     bool          `help:"with --block: believe the source of packets that anybody can forge"`

	NeverNets []netip.Prefix `kong:"-"` // what --never says, files read
	Saved     []savedRuleset `kong:"-"` // what stands in the files of --ruleset
	Known     []string       `kong:"-"` // the names in the files of --interfaces
}

// Validate refuses what contradicts itself.
func (f *flags) Validate() error {
	if err := f.checkMode(); err != nil {
		return err
	}
	_, err := propose.New(f.options())
	return err
}

func (f *flags) options() propose.Options {
	o := propose.Options{
		Mode: propose.Allow, Syntax: netfilter.Syntax(f.Syntax), Sources: propose.Sources(f.Sources),
		MinHits: f.MinHits, MinPorts: f.MinPorts, MinHosts: f.MinHosts,
		Spoofable: f.Spoofable,
		Within:    f.Within, Expire: f.Expire,
	}
	if f.Block {
		o.Mode = propose.Block
	}
	for i, bits := range f.Widen {
		*[]*int{&o.Widen4, &o.Widen6}[i] = bits
	}
	return o
}

func main() {
	var f flags
	os.Exit(stage.Main(&stage.Program{
		Name:  "sl-iptables",
		About: "make firewall rules from the logged packets in a stream",
		Synopsis: []string{
			"[-eqr] --allow [--syntax SYNTAX] [--sources exact|net|any] [--widen BITS[,BITS6]] [--ruleset FILE]... [--interfaces FILE]...",
			"[-eqr] --block [--syntax SYNTAX] [--min-hits N] [--min-ports N] [--min-hosts N] [--within TIME] [--expire TIME] [--never CIDR|FILE]... [--ruleset FILE]... [--interfaces FILE]... [--spoofable]",
		},
		Flags:      &f,
		ReadsInput: true,
		Policy:     sandbox.Policy{Calls: "pure", Data: 2 << 30},
		Open:       f.open,
		Run:        f.run,
	}))
}

func (f *flags) run(s *stage.Session) error {
	// What is remembered is most of the memory and no garbage: collected sooner,
	// the process stays below 48 MiB with 100 000 sources.
	debug.SetGCPercent(25)
	o := f.options()
	var err error
	o.Never, o.Interfaces = f.NeverNets, f.Known
	if o.Ruleset, err = parse(f.Saved); err != nil {
		return err
	}
	g := stage.Generator{
		Lang: record.Netfilter,
		New: func() (stage.Proposer, error) {
			p, err := propose.New(o)
			return proposer{p}, err
		},
	}
	if f.Raw {
		g.Text = func(rules iter.Seq[record.Rule], notes iter.Seq[record.Note]) iter.Seq[[]byte] {
			return slices.Values([][]byte{propose.AppendText(nil, slices.Collect(rules), slices.Collect(notes))})
		}
	}
	return g.Run(s, f.Empty)
}

// proposer makes the methods of the two generators alike.
type proposer struct{ *propose.Proposer }

func (p proposer) Rules() (iter.Seq[record.Rule], error) {
	rules, err := p.Proposer.Rules()
	return slices.Values(rules), err
}

func (p proposer) Notes() iter.Seq[record.Note] { return slices.Values(p.Proposer.Notes()) }

func (p proposer) AddNote(n *record.Note) error {
	p.Proposer.AddNote(n)
	return nil
}

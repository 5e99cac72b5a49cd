package propose

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/netfilter/ruleset"
)

// Mode says what kind of rule is proposed.
type Mode string

// The modes.
const (
	Allow Mode = "allow" // let through what was dropped or rejected
	Block Mode = "block" // drop what comes from sources that knock often
)

// Sources says for which addresses a service is allowed.
type Sources string

// The choices of Sources. The addresses are the sources of what comes in or is
// forwarded, and the destinations of what goes out.
const (
	Exact Sources = "exact" // those seen, in the fewest blocks that hold no other
	Net   Sources = "net"   // the smallest block around those seen that are near each other
	Any   Sources = "any"   // everybody
)

// Options of a Proposer. The zero value proposes nft rules that allow exactly
// what was dropped.
type Options struct {
	Mode    Mode             // Allow if empty
	Syntax  netfilter.Syntax // netfilter.NFT if empty
	Sources Sources          // of Allow; Exact if empty

	// The blocks of Net, in bits: near each other are addresses of one block of
	// this length. 24 and 64 if 0.
	Widen4, Widen6 int

	// Block proposes a rule against a source that reaches any of these that is
	// not 0: packets, different destination ports, different destinations. If
	// all are 0, MinHits is 10.
	MinHits, MinPorts, MinHosts int

	// Within is how near each other, in time, the packets must be that count
	// towards the thresholds of Block; 0 counts all.
	Within time.Duration

	// Expire is after how long, counted from when the rules are loaded, a source
	// is no longer blocked; 0 is never. It needs a notation with sets, and ends
	// in whole seconds.
	Expire time.Duration

	// Ruleset is what the firewall has already; nil if it is not known.
	Ruleset *ruleset.Ruleset

	// Interfaces are the names of all that the host has; nil if they are not known.
	Interfaces []string

	Never     []netip.Prefix // Block never proposes a rule against these
	Spoofable bool           // Block believes the source of packets that anybody can forge
}

// Defaults of Options.
const (
	defaultWiden4  = 24
	defaultWiden6  = 64
	defaultMinHits = 10
)

// maxThreshold bounds MinPorts and MinHosts: that many are remembered for each
// source.
const maxThreshold = 1024

// withDefaults fills in what is 0 and checks the rest.
func (o Options) withDefaults() (Options, error) {
	if o.Mode == "" {
		o.Mode = Allow
	}
	if o.Syntax == "" {
		o.Syntax = netfilter.NFT
	}
	if o.Sources == "" {
		o.Sources = Exact
	}
	if o.Widen4 == 0 {
		o.Widen4 = defaultWiden4
	}
	if o.Widen6 == 0 {
		o.Widen6 = defaultWiden6
	}
	if o.MinHits == 0 && o.MinPorts == 0 && o.MinHosts == 0 {
		o.MinHits = defaultMinHits
	}
	return o, o.check()
}

func (o Options) check() error {
	switch o.Mode {
	case Allow, Block:
	default:
		return fmt.Errorf("unknown mode %q", o.Mode)
	}
	switch o.Sources {
	case Exact, Net, Any:
	default:
		return fmt.Errorf("unknown choice of sources %q", o.Sources)
	}
	switch o.Syntax {
	case netfilter.NFT, netfilter.Restore, netfilter.IPTables:
	case netfilter.IPSet:
		if o.Mode != Block {
			return fmt.Errorf("a set of addresses says who, not what: syntax %s is only for blocking", o.Syntax)
		}
	default:
		return fmt.Errorf("unknown syntax %q", o.Syntax)
	}
	switch {
	case o.Widen4 < 1 || o.Widen4 > 32:
		return fmt.Errorf("a block of /%d is none of IPv4", o.Widen4)
	case o.Widen6 < 1 || o.Widen6 > 128:
		return fmt.Errorf("a block of /%d is none of IPv6", o.Widen6)
	case o.MinHits < 0 || o.MinPorts < 0 || o.MinHosts < 0:
		return fmt.Errorf("a threshold below 0")
	case o.MinPorts > maxThreshold || o.MinHosts > maxThreshold:
		return fmt.Errorf("a threshold of more than %d ports or hosts", maxThreshold)
	}
	if err := o.checkTimes(); err != nil {
		return err
	}
	for _, p := range o.Never {
		if !p.IsValid() {
			return fmt.Errorf("never: not an address")
		}
	}
	return nil
}

func (o *Options) checkTimes() error {
	switch {
	case o.Within < 0 || o.Expire < 0:
		return fmt.Errorf("a time below 0")
	case (o.Within > 0 || o.Expire > 0) && o.Mode != Block:
		return fmt.Errorf("times are only for blocking")
	case o.Within > 0 && o.MinHits > maxThreshold:
		return fmt.Errorf("a threshold of more than %d packets within a time", maxThreshold)
	case o.Expire%time.Second != 0 || o.Expire > netfilter.MaxTimeout*time.Second:
		return fmt.Errorf("rules expire after whole seconds, at most %d (%d hours)", netfilter.MaxTimeout, netfilter.MaxTimeout/3600)
	case o.Expire > 0 && o.Syntax != netfilter.NFT && o.Syntax != netfilter.IPSet:
		return fmt.Errorf("%s has no rules that expire: %s and %s have", o.Syntax, netfilter.NFT, netfilter.IPSet)
	}
	return nil
}

package propose

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
)

// Proposer collects events and turns them into rules. It is not safe for
// concurrent use.
type Proposer struct {
	opts    Options
	tuples  *tuples
	sources [levels]addresses[*deeds]   // Block: who has done what, by trust, source and chain
	own     [levels]addresses[struct{}] // Block: the host's addresses
	lastOwn [levels]netip.Addr
	notes   notes
	places  places
	skipped uint64
	lines   []byTrust   // by the prefix of the ruleset that they have
	phrases phrases     // of the evidence
	settled *settlement // nil once something was added

	texts   interner
	slim    record.Event // reused: what an event says in favour of a rule
	scratch scratch
}

// New returns a Proposer, or an error that says which option is wrong.
func New(opts Options) (*Proposer, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Proposer{opts: opts, notes: newNotes()}
	p.tuples = newTuples(maxTuples, maxPeers, &p.phrases)
	for trust := range levels {
		p.sources[trust] = addresses[*deeds]{
			most: maxSources * visitorCosts, weigh: (*deeds).weight,
			dropped: func(d *deeds) {
				e := p.phrases.evidence(&d.brief)
				p.tuples.left.merge(&e)
			},
		}
		p.own[trust] = addresses[struct{}]{most: maxOwn}
	}
	return p, nil
}

// AddEvent takes an event. It ends up in a rule, in a note or, if it calls for
// neither, in Skipped. An error means that a field holds what the kernel does
// not write; the event is then not used.
//
// The event may be reused afterwards.
func (p *Proposer) AddEvent(ev *record.Event) error {
	if ev.Kind != record.Netfilter {
		p.skipped++
		return nil
	}
	pkt, err := readPacket(ev)
	if err != nil {
		return err
	}
	p.settled = nil
	p.texts.slimEvent(&p.slim, ev)
	slim := &p.slim
	p.prove(&pkt, &ev.Fields, slim)
	p.places.prove(&pkt, slim.Trust)
	switch verdict := ev.Fields[record.FVerdict]; verdict {
	case "accept", "none":
		p.skipped++
		return nil
	case "drop", "reject":
	case "unknown", "":
		p.note(noVerdict, ev.Fields[record.FPrefix], slim)
		return nil
	default:
		return fmt.Errorf("verdict is none that a packet can have: %s", quote(verdict))
	}
	switch why := pkt.judge(); {
	case why != usable:
		p.note(why, "", slim)
	case p.opts.Mode == Block:
		p.block(&pkt, slim)
	default:
		p.allow(&pkt, slim)
	}
	return nil
}

// AddRule takes a rule that a Proposer made from other events, on another host
// perhaps. Nothing but its text, what it was made wider by and its evidence is
// used.
//
// Proposers that share the events and merge their rules propose in the end what
// one would have proposed alone, except that Block counts the thresholds of a
// source in each of them.
func (p *Proposer) AddRule(rule *record.Rule) error {
	if rule.Lang != record.Netfilter {
		return fmt.Errorf("a rule of %s, not of %s", quote(rule.Lang), record.Netfilter)
	}
	if rule.Evidence.Count == 0 {
		// Merging would add its peers to evidence that does not speak for them.
		return errors.New("a rule without evidence")
	}
	r, err := netfilter.Parse(netfilter.Syntax(rule.Syntax), rule.Text)
	if err != nil {
		return err
	}
	for _, piece := range netfilter.Split(p.opts.Syntax, r) {
		if _, err := piece.Text(p.opts.Syntax); err != nil {
			return err
		}
	}
	p.settled = nil
	peers := r.Peers()
	if len(peers) == 0 {
		peers = []netip.Prefix{netfilter.Everything(r.Family)}
	}
	frame := r.WithPeers(nil)
	evidence := p.texts.slimEvidence(&rule.Evidence)
	p.tuples.addRule(&frame, peers, p.texts.internAll(rule.Made, maxMade), &evidence)
	return nil
}

// AddNote takes a note of another stage. Equal notes become one.
func (p *Proposer) AddNote(n *record.Note) {
	p.settled = nil
	evidence := p.texts.slimEvidence(&n.Evidence)
	p.notes.merge(noteKey{
		strings.Clone(n.Kind), strings.Clone(n.Lang), strings.Clone(n.Profile), strings.Clone(n.Text), strings.Clone(n.Hint), trustOf(&evidence),
	}, &evidence)
}

// note counts a packet that no rule is made for.
func (p *Proposer) note(why reason, detail string, slim *record.Event) {
	p.notes.count(why, detail, slim)
}

// Skipped is how many events called for nothing: packets that were let through
// or only logged, and events that are not of netfilter.
func (p *Proposer) Skipped() uint64 { return p.skipped }

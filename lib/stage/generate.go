package stage

import (
	"iter"

	"github.com/sl-suite/sl/lib/record"
)

// A Proposer makes rules of one language from events, and merges rules that
// were made elsewhere. What comes out need not be in memory all at once.
type Proposer interface {
	AddEvent(*record.Event) error
	AddRule(*record.Rule) error
	AddNote(*record.Note) error
	Rules() (iter.Seq[record.Rule], error)
	Notes() iter.Seq[record.Note]
}

// Generator is the life of a generator: it reads a stream, feeds a proposer with
// what is of its language, and writes the rules and notes at each mark and at
// the end. Whatever is of another language is passed on as it came, so that
// generators can stand one behind the other.
type Generator struct {
	Lang string                   // record.AppArmor or record.Netfilter
	New  func() (Proposer, error) // an empty one; a mark starts afresh

	// Text, where it is not nil, makes the output text for people, in parts:
	// everything of another language is left out, and marks are ignored.
	Text func(rules iter.Seq[record.Rule], notes iter.Seq[record.Note]) iter.Seq[[]byte]
}

// Run is the generator's Program.Run. With must, making no rule is status 4.
func (g *Generator) Run(s *Session, must bool) error {
	s.Text = g.Text != nil
	proposer, err := g.New()
	if err != nil {
		return err
	}
	rules := 0
	write := func() error {
		made, err := proposer.Rules()
		if err != nil {
			return err
		}
		// What is appended is kept in one place: else each would be allocated.
		var (
			rule record.Rule
			note record.Note
		)
		counted := func(yield func(record.Rule) bool) {
			for r := range made {
				rules++
				if !yield(r) {
					return
				}
			}
		}
		if g.Text != nil {
			for part := range g.Text(counted, proposer.Notes()) {
				s.Out.Write(part)
			}
			return nil
		}
		for rule = range counted {
			s.Out.Put(record.AppendRule(s.Out.Buffer(), &rule), 1)
		}
		for note = range proposer.Notes() {
			s.Out.Put(record.AppendNote(s.Out.Buffer(), &note), 1)
		}
		return nil
	}
	pass := func(line []byte) {
		s.End.Skipped++
		if g.Text == nil {
			s.Pass(line)
		}
	}
	records := false
	err = s.Stream(nil, func(m *record.Message, line []byte) error {
		s.End.In++
		switch {
		case m.Type == record.TypeEvent && m.Event.Kind == g.Lang:
			if err := proposer.AddEvent(&m.Event); err != nil {
				s.Unusable(m.Event.File, m.Event.Line, err)
			}
		case m.Type == record.TypeRule && m.Rule.Lang == g.Lang:
			if err := proposer.AddRule(&m.Rule); err != nil {
				s.Unusable("standard input", s.line, err)
			}
		case m.Type == record.TypeNote && m.Note.Lang == g.Lang:
			if err := proposer.AddNote(&m.Note); err != nil {
				s.Unusable("standard input", s.line, err)
			}
		case m.Type == record.TypeMark && g.Text == nil:
			if err := write(); err != nil {
				return err
			}
			s.Pass(line)
			proposer, err = g.New()
			return err
		case m.Type == record.TypeSource || m.Type == record.TypeRecord:
			s.End.Skipped++
			records = true
		default:
			pass(line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if records {
		s.Hint("log lines came in: they go through sl-parse first")
	}
	if err := write(); err != nil {
		return err
	}
	s.Nothing = must && rules == 0
	return nil
}

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/broker"
	"github.com/sl-suite/sl/lib/checker"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/stage"
)

// A question to the companion is a line that says how many files it is about; for
// each a line of its own with what it is, as in Go; and then, in pieces, what it holds
// and what it is to hold. The answers are lines, each of which begins with one of
// these: the number of a file that is refused and the reason, something to say, and
// last that this was all or why it could not be done.
const (
	question  = "%d"
	candidate = "%q %q %q %t %d %d"

	refused = 'r'
	note    = 'n'
	done    = 'd'
	failed  = 'x'

	maxPiece  = 64 << 10
	maxAnswer = 4 << 10 // bytes of an answer that are printed
	maxNotes  = 10000
)

// check asks the companion what the system's own programs say of the changes
// together. It returns a *broker.Refusal for each that they are against.
func (w *writer) check(changes []broker.Change) (against []error, err error) {
	if err := w.s.Ask(fmt.Appendf(nil, question, len(changes))); err != nil {
		return nil, err
	}
	for i := range changes {
		if err := w.describe(&changes[i]); err != nil {
			return nil, err
		}
	}
	against = make([]error, len(changes))
	answer, notes := make([]byte, maxPiece), 0
	for {
		n, err := w.s.Answer(answer)
		if err != nil {
			return nil, err
		}
		switch says := string(answer[1:min(n, maxAnswer)]); answer[0] {
		case note:
			if notes++; notes > maxNotes { // it can say yes to everything, but not bury what matters
				return nil, errors.New("the companion that checks says too much")
			}
			w.s.Hint(says)
		case done:
			return against, nil
		case refused:
			number, reason, _ := strings.Cut(says, " ")
			i, err := strconv.Atoi(number)
			if err != nil || i < 0 || i >= len(changes) {
				return nil, fmt.Errorf("the companion that checks: %.100q is no answer", says)
			}
			against[i] = &broker.Refusal{Subject: changes[i].Path, Reason: reason, Hint: "nothing of the file was changed; --no-check writes it all the same"}
		default:
			return nil, stage.WithHint(fmt.Errorf("%s: cannot be checked: %.300q", changes[0].Path, says), "--no-check leaves the check out")
		}
	}
}

func (w *writer) describe(c *broker.Change) error {
	if err := w.s.Ask(fmt.Appendf(nil, candidate, c.Lang, c.Syntax, c.Name(), c.Old != nil, len(c.Old), len(c.New))); err != nil {
		return err
	}
	for _, text := range [][]byte{c.Old, c.New} {
		for len(text) > 0 {
			n := min(len(text), maxPiece)
			if err := w.s.Ask(text[:n]); err != nil {
				return err
			}
			text = text[n:]
		}
	}
	return nil
}

// A judge is the companion.
type judge struct {
	*flags
	b      *stage.Beside
	policy *checker.Policy // nil until it is needed, and where there is none
}

// A file is one of a question.
type file struct {
	lang, syntax string
	checker.Candidate
}

// answer answers one question.
func (j *judge) answer(files []file) error {
	var additions []checker.Candidate
	var numbers []int
	for i, f := range files {
		if f.lang == record.AppArmor {
			additions, numbers = append(additions, f.Candidate), append(numbers, i)
			continue
		}
		if err := j.say(i, checker.Firewall(f.syntax, f.Text)); err != nil {
			return err
		}
	}
	if len(additions) == 0 {
		return nil
	}
	if err := j.layPolicy(); err != nil {
		return err
	}
	if j.policy == nil {
		if j.Unseen != "" {
			if err := send(j.b.Socket, append([]byte{note}, (j.Unseen+": the rules were tried in none of its profiles")...)); err != nil {
				return err
			}
		}
		for i, c := range additions {
			if err := j.say(numbers[i], checker.Alone(c.Text, "", j.ParserOptions...)); err != nil {
				return err
			}
		}
		return nil
	}
	report, err := j.policy.Check(additions)
	if err != nil {
		return err
	}
	for _, text := range report.Notes {
		if err := send(j.b.Socket, append([]byte{note}, text[:min(len(text), maxPiece-1)]...)); err != nil {
			return err
		}
	}
	for i, r := range report.Refused {
		if err := j.say(numbers[i], r); err != nil {
			return err
		}
	}
	return nil
}

// say tells the refusal of a file, where there is one, and passes other errors on.
func (j *judge) say(number int, err error) error {
	var r *checker.Refusal
	if !errors.As(err, &r) {
		return err
	}
	return send(j.b.Socket, fmt.Appendf([]byte{refused}, "%d %s refuses it: %.800q", number, r.Program, r.Says))
}

// layPolicy lays the policy out, before the first question about it.
func (j *judge) layPolicy() error {
	if j.policy != nil || j.PolicyDir == "" {
		return nil
	}
	t, err := readCopy(j.b.Inputs[0])
	if err != nil {
		return err
	}
	target, err := filepath.Rel(j.PolicyDir, j.Additions)
	if err != nil {
		return err
	}
	j.policy, err = checker.Lay(t, target, j.ParserOptions)
	return err
}

package checker

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A reached is a file of the policy whose profiles a candidate reaches.
type reached struct {
	file       string
	candidates []int

	// What the file is without the candidates.
	was      error  // nil, or what apparmor_parser has against it
	names    string // of its profiles
	named    bool   // they are known
	compiled bool   // was is about its compilation, too

	after error // nil, or what is against it with the candidates that stand
}

// judge refuses candidates until the others have nothing against them.
func (c *check) judge() error {
	list, err := c.search()
	if err != nil {
		return err
	}
	if err := c.aloneToo(list); err != nil {
		return err
	}
	if err := c.probe(list); err != nil {
		return err
	}
	for list = c.concerned(list); len(list) > 0; list = c.concerned(list) {
		bad, refusal, err := c.firstBad(list)
		if bad < 0 || err != nil {
			return err
		}
		gone, err := c.blame(&list[bad], refusal)
		if err != nil {
			return err
		}
		// What came before was right, and is asked again where a candidate of it went.
		again := slices.DeleteFunc(slices.Clone(list[:bad+1]), func(r reached) bool { return !overlap(r.candidates, gone) })
		list = append(slices.Clone(list[bad+1:]), again...)
	}
	return nil
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return slices.Contains(b, i) })
}

// concerned leaves out what no candidate reaches that still stands.
func (c *check) concerned(list []reached) []reached {
	return slices.DeleteFunc(list, func(r reached) bool {
		return !slices.ContainsFunc(r.candidates, func(i int) bool { return c.report.Refused[i] == nil })
	})
}

// search has apparmor_parser read every file with all that it includes, and looks for
// the marks of the candidates in that. They stand behind what the files hold now, so
// that nothing which a candidate has wrong can hide another.
func (c *check) search() (list []reached, err error) {
	for i, candidate := range c.candidates {
		if err := c.write(i, fmt.Appendf(nil, "%s\n%s\n", candidate.Old, c.mark(i))); err != nil {
			return nil, err
		}
	}
	answers, err := c.ask("-p", c.files)
	if err != nil {
		return nil, err
	}
	for i, a := range answers {
		switch marks := c.marksIn(a.printed); {
		case a.err != nil && c.whole[c.files[i]]:
			c.noteBroken(c.files[i], a.err)
		case a.err == nil && len(marks) > 0:
			list = append(list, reached{file: c.files[i], candidates: marks})
		}
	}
	for i := range c.candidates {
		if err := c.lay(i); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (c *check) marksIn(text string) (marks []int) {
	start := "# " + c.token + "."
	for {
		_, rest, ok := strings.Cut(text, start)
		if !ok {
			return marks
		}
		number, _, _ := strings.Cut(rest, "\n")
		if i, err := strconv.Atoi(number); err == nil && !slices.Contains(marks, i) {
			marks = append(marks, i)
		}
		text = rest
	}
}

// aloneToo checks the candidates that reach no profile that is right, and those that
// could end the profile that they stand in.
func (c *check) aloneToo(list []reached) error {
	for i, candidate := range c.candidates {
		var err error
		if !slices.ContainsFunc(list, func(r reached) bool { return slices.Contains(r.candidates, i) }) {
			err = Alone(candidate.Text, c.base, c.options...)
		} else if bytes.ContainsAny(candidate.Text, "{}") {
			err = staysInside(candidate.Text, c.base, c.options)
		}
		if r, ok := err.(*Refusal); ok {
			err = c.refuse(i, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// probe tries a candidate that reaches very many files in the first of them: what is
// wrong in all is found soon.
func (c *check) probe(list []reached) error {
	for i := range c.candidates {
		var first *reached
		n := 0
		for k := range list {
			if r := &list[k]; slices.Contains(r.candidates, i) {
				if n++; first == nil {
					first = r
				}
			}
		}
		if n <= wholly || c.report.Refused[i] != nil {
			continue
		}
		err := c.try(first)
		if refusal, ok := err.(*Refusal); ok {
			_, err = c.blame(first, refusal)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// try judges one file as it would be: it must make the profiles that it makes now,
// and compile. A *Refusal says what is wrong.
func (c *check) try(r *reached) error {
	if r.after == nil {
		if err := c.look(r); err != nil || r.after == nil {
			return err
		}
	}
	if err := c.compileBefore(r); err != nil {
		return err
	}
	after := r.after.(*Refusal)
	if r.after = nil; r.was == nil {
		return after
	}
	c.noteBroken(r.file, r.was)
	return nil
}

// look fills in after.
func (c *check) look(r *reached) error {
	if err := c.before(func() error { return c.nameNow([]*reached{r}) }, r.named); err != nil {
		return err
	}
	answers, err := c.ask("-N", []string{r.file})
	if err != nil {
		return err
	}
	a := answers[0]
	switch {
	case a.err == nil && r.was == nil && a.printed != r.names:
		r.after = &Refusal{parser, fmt.Sprintf("in %s the file changes which profiles there are", c.below(r.file))}
		return nil
	case a.err == nil:
		a.err = c.compile(r.file)
	}
	return c.found(r, a.err)
}

// found keeps what is against a file, and passes other errors on.
func (c *check) found(r *reached, err error) error {
	refusal, ok := err.(*Refusal)
	if !ok {
		return err
	}
	r.after = &Refusal{parser, fmt.Sprintf("in %s: %s", c.below(r.file), refusal.Says)}
	return nil
}

func (c *check) noteBroken(file string, err error) {
	c.note(fmt.Sprintf("%s: does not compile as it stands, so nothing was tried in it: %q", file, err.(*Refusal).Says))
}

// nameNow asks which profiles the files make.
func (c *check) nameNow(list []*reached) error {
	var names []string
	for _, r := range list {
		names = append(names, r.file)
	}
	answers, err := c.ask("-N", names)
	for i, a := range answers {
		r := list[i]
		if r.names, r.named = a.printed, true; r.was == nil {
			r.was = a.err
		}
	}
	return err
}

// compileBefore asks once whether a file compiles as it is now.
func (c *check) compileBefore(r *reached) error {
	return c.before(func() error {
		r.compiled = true
		err := c.compile(r.file)
		if refused(err) {
			r.was, err = err, nil
		}
		return err
	}, r.was != nil || r.compiled)
}

func (c *check) compile(file string) error {
	_, err := c.parse("-Q", file)
	return err
}

func (p *Policy) below(file string) string {
	name, err := filepath.Rel(p.dir, file)
	if err != nil {
		return file
	}
	return name
}

// blame refuses, of the candidates that reach a file, those that it does not take,
// one added to the other. refusal is what there is against all of them.
func (c *check) blame(r *reached, refusal *Refusal) (guilty []int, err error) {
	var suspects []int
	for _, i := range r.candidates {
		if c.report.Refused[i] == nil {
			suspects = append(suspects, i)
		}
	}
	if len(suspects) == 1 {
		return suspects, c.refuse(suspects[0], refusal)
	}
	if err := c.before(func() error { return c.nameNow([]*reached{r}) }, r.named); err != nil {
		return nil, err
	}
	if err := c.compileBefore(r); err != nil {
		return nil, err
	}
	for _, i := range suspects {
		if err := c.restore(i); err != nil {
			return nil, err
		}
	}
	for _, i := range suspects {
		if err := c.lay(i); err != nil {
			return nil, err
		}
		err := c.try(r)
		if refusal, ok := err.(*Refusal); ok {
			guilty = append(guilty, i)
			err = c.refuse(i, refusal)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(guilty) == 0 {
		return nil, fmt.Errorf("%s: %s: refused, and then not", parser, r.file)
	}
	return guilty, nil
}

func (c *check) refuse(i int, r *Refusal) error {
	c.report.Refused[i] = r
	return c.restore(i)
}

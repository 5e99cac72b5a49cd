package policy

import "github.com/sl-suite/sl/lib/apparmor"

// encoded returns the encoded names that the pattern of a rule that is asked
// about stands for; none when it stands for every name, or for more than can be
// told apart here.
func (s *scope) encoded(p apparmor.Pattern) []string {
	if p == (apparmor.Pattern{}) {
		return nil
	}
	if name, ok := p.Literal(); ok {
		return []string{encode(name)}
	}
	texts, err := s.paths(p.String())
	if err != nil {
		return nil
	}
	var all []string
	for _, t := range texts {
		seq, err := parseGlob(t)
		if err != nil {
			return nil
		}
		f := flattener{maxHeadSteps}
		flat := f.flatten([]string{""}, seq)
		if flat == nil || len(all)+len(flat) > maxHeads {
			return nil
		}
		all = append(all, flat...)
	}
	return all
}

// flattener makes names of a pattern; steps bounds its work.
type flattener struct{ steps int }

// flatten puts seq behind every name of the list; nil where a name would be more
// than characters and stars, or there would be too many.
func (f *flattener) flatten(list []string, seq []element) []string {
	for _, e := range seq {
		var next []string
		for _, name := range list {
			if f.steps--; f.steps < 0 {
				return nil
			}
			switch e.kind {
			case literal:
				next = append(next, name+e.text)
			case star:
				next = append(next, name+string(someName))
			case starStar:
				next = append(next, name+string(somePath))
			case alternation:
				for _, alt := range e.alts {
					more := f.flatten([]string{name}, alt)
					if more == nil {
						return nil
					}
					next = append(next, more...)
				}
			default:
				return nil
			}
		}
		if list = next; len(list) == 0 || len(list) > maxHeads {
			return nil
		}
	}
	return list
}

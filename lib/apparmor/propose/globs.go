package propose

import (
	"slices"

	"github.com/sl-suite/sl/lib/apparmor"
)

// globMade is the name of what this file does, in the record of a rule.
const globMade = "glob"

// A globber makes of the rules for many files in one folder one rule for the folder:
// of each access that Options.Glob of them grant or that the rule for the folder,
// if it came in, grants already. What a rule grants besides stays.
//
// Accesses are looked at one by one, so that the result is the same whether the
// rules of several streams are merged before or after. None is made wider in a
// folder of secrets, or where that would be more dangerous than the most dangerous
// rule it is made of. What is run, or mapped to be run, and links are never made
// wider.
//
// Files count whose rules have the trust of the rule for the folder, or a higher one.
// So of a profile the rules of higher trust come first.
type globber struct {
	profile string
	files   map[apparmor.File]map[apparmor.Pattern]apparmor.FileAccess // by the rule for all of the folder, without accesses
	have    map[apparmor.File]apparmor.FileAccess                      // what rules for folders grant
}

// make does so with rules of one profile and trust.
func (g *globber) make(r *profileResult) {
	least := r.proposer.options.Glob
	if least <= 0 || r.proposer.options.Exact {
		return
	}
	if g.files == nil || g.profile != r.name {
		*g = globber{r.name, make(map[apparmor.File]map[apparmor.Pattern]apparmor.FileAccess), make(map[apparmor.File]apparmor.FileAccess)}
	}
	folders := make(map[apparmor.File][]int) // places in r.rules
	for i := range r.rules {
		if f, ok := r.rules[i].rule.Body.(apparmor.File); ok && f.Exec == apparmor.NoExec {
			if all, ok := f.Path.Siblings(); ok {
				folder := apparmor.File{Owner: f.Owner, Path: all}
				folders[folder] = append(folders[folder], i)
				if g.files[folder] == nil {
					g.files[folder] = make(map[apparmor.Pattern]apparmor.FileAccess)
				}
				g.files[folder][f.Path] = g.files[folder][f.Path].Union(f.Access)
			}
		}
	}
	own := make(map[apparmor.File]apparmor.FileAccess)
	for i := range r.rules {
		f, ok := r.rules[i].rule.Body.(apparmor.File)
		folder := apparmor.File{Owner: f.Owner, Path: f.Path}
		if ok && f.Exec == apparmor.NoExec {
			own[folder] = f.Access
			g.have[folder] = g.have[folder].Union(f.Access)
		}
	}
	for folder, list := range folders {
		g.glob(r, folder, list, own[folder])
	}
	left := r.rules[:0]
	for _, p := range r.rules {
		if p.ruleEntry != nil {
			left = append(left, p)
		}
	}
	r.rules = left
	r.unite()
}

// glob replaces the rules at the places of the list as far as one for their
// folder grants the same; those of which nothing is left lose their entry.
func (g *globber) glob(r *profileResult, glob apparmor.File, list []int, own apparmor.FileAccess) {
	for _, access := range []apparmor.FileAccess{apparmor.Read, apparmor.Write, apparmor.Append, apparmor.Lock} {
		wanted := slices.ContainsFunc(list, func(i int) bool { return access.Minus(r.rules[i].rule.Body.(apparmor.File).Access) == 0 })
		if wanted && (access.Minus(g.have[glob]) == 0 || g.widens(glob, access, r.proposer.options.Glob)) {
			own = own.Union(access)
		}
	}
	if own == 0 {
		return
	}
	folder := glob
	g.have[folder] = g.have[folder].Union(own)
	glob.Access = own
	wide := apparmor.Rule{Body: glob}
	text := wide.Text()
	for _, i := range list {
		e := r.rules[i].ruleEntry
		f := e.rule.Body.(apparmor.File)
		rest := f.Access.Minus(glob.Access)
		if rest == f.Access {
			continue
		}
		r.propose(text, &ruleEntry{wide, mergeMade(e.made, []string{globMade}), e.evidence, 0})
		if f.Access = rest; rest == 0 {
			r.rules[i].ruleEntry = nil
		} else {
			left := apparmor.Rule{Body: f}
			r.rules[i] = proposed{apparmor.KeyOf(left, left.Text()), &ruleEntry{left, e.made, e.evidence, 0}}
		}
	}
}

// secretDanger is from where on a folder holds secrets, or what others trust in:
// keys, passwords, the system's configuration.
const secretDanger = 6

// widens reports whether so many of the rules grant the access that the glob may,
// and whether that is no more dangerous than one of them is.
func (g *globber) widens(glob apparmor.File, access apparmor.FileAccess, least int) bool {
	count, most := 0, uint8(0)
	for path, granted := range g.files[glob] {
		// Who may write may append. Otherwise it would matter whether another
		// stream had seen the writing.
		if access.Minus(granted) != 0 {
			continue
		}
		count++
		level, _ := apparmor.Danger(apparmor.Rule{Body: apparmor.File{Owner: glob.Owner, Path: path, Access: access}})
		most = max(most, level)
	}
	glob.Access = access
	level, _ := apparmor.Danger(apparmor.Rule{Body: glob})
	return count >= least && level <= most && level < secretDanger
}

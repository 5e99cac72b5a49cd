package apparmor

import "strings"

func (f File) danger(p *Place) (level uint8, why string) {
	access := f.Access
	if f.Exec != NoExec && f.Exec != DenyExec {
		access |= execute
	}
	g := fileGrade{wanted: wanted{
		owner: f.Owner, read: access&reading != 0, write: access&writing != 0, exec: access&execute != 0,
	}}
	for i := range fileDangers {
		if d := &fileDangers[i]; access&d.any != 0 && (d.and == 0 || access&d.and != 0) {
			g.raise(d.level, d.why, "")
		}
	}
	if !f.Path.hasVariable() && len(p.aliases) == 0 {
		g.gradeHome(p, f.Path, f.Path.text)
		return g.level, g.why
	}
	texts, err := p.texts(f.Path)
	if err != nil {
		return 10, err.Error()
	}
	for _, text := range texts {
		g.gradeHome(p, f.Path, text)
	}
	return g.level, g.why
}

// A link is a name for what it is a link to: whoever may use the name, may use the
// file.
func (l Link) danger(p *Place) (level uint8, why string) {
	level, why = File{Path: l.Target, Access: Read | Write}.danger(p)
	if other, otherWhy := (File{Path: l.Name, Access: Write}).danger(p); other > level {
		return other, otherWhy
	}
	return level, why
}

// fileGrade is the danger of an access so far.
type fileGrade struct {
	wanted
	why string
}

// wanted is what lines of a table are asked for: the levels above one, of some
// accesses.
type wanted struct {
	owner, read, write, exec bool
	level                    uint8
}

// of reports whether the line counts, and has such a level.
func (w *wanted) of(line *pathLine) bool {
	if line.owned && !w.owner || line.others && w.owner {
		return false
	}
	return w.read && line.read > w.level || w.write && line.write > w.level || w.exec && line.exec > w.level
}

func (g *fileGrade) raise(level uint8, verb, what string) {
	if level > g.level {
		g.level, g.why = level, verb+what
	}
}

// gradeHome is grade for what may be in a home, which is one wherever it lies.
func (g *fileGrade) gradeHome(place *Place, p Pattern, text string) {
	g.grade(p, text)
	if inside, ok := ofApplication(text); ok {
		g.grade(p, inside)
	}
	if at := strings.Index(text, "/home/"); at > 0 {
		g.grade(p, text[at:])
	}
	for _, dir := range place.homes {
		if below, ok := strings.CutPrefix(text, dir); ok {
			g.grade(p, "/home/"+below)
		}
	}
}

// grade takes in what the names that the text matches give away.
func (g *fileGrade) grade(p Pattern, text string) {
	path := newPathMeeter(p, text)
	path.lines(dangerRows(), &g.wanted, func(line *pathLine) bool {
		what := line.what
		if line.anywhere && strings.Contains(text, "**") {
			what += ", which can lie there"
		}
		if g.read && line.read > g.level && !(line.area && path.harmless(wanted{read: true})) {
			g.raise(line.read, "reads ", what)
		}
		if g.write && line.write > g.level && !(line.area && path.harmless(wanted{write: true})) {
			g.raise(line.write, "writes ", what)
		}
		if g.exec {
			g.raise(line.exec, "runs ", what)
		}
		return true
	})
}

// ofApplication returns what a path in the home that snapd or Flatpak makes for an
// application ("snap/NAME/REVISION", ".var/app/NAME") would be in that of the user.
func ofApplication(text string) (home string, ok bool) {
	before, below, ok := strings.Cut(text, "/snap/")
	parts := 2
	if !ok {
		before, below, ok = strings.Cut(text, "/.var/app/")
		parts = 1
	}
	if !ok || before == "" {
		return "", false
	}
	for range parts {
		if _, below, ok = strings.Cut(below, "/"); !ok {
			return "", false
		}
	}
	return before + "/" + below, true
}

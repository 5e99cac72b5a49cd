package header

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// A Policy is what [Scan] sees of the files below a policy folder.
type Policy struct {
	dir   string
	files map[string]File // by name below the folder
	names []string        // of files, sorted
}

// notRead is the problem of a file without a text.
const notRead = "not read"

// New returns the policy below the folder dir. The files have their names below
// it, such as "usr.sbin.cupsd" or "tunables/global"; one whose text is nil could
// not be read.
func New(dir string, files map[string][]byte) *Policy {
	p := &Policy{dir: strings.TrimSuffix(dir, "/"), files: make(map[string]File, len(files)), names: slices.Sorted(maps.Keys(files))}
	for name, text := range files {
		f := File{Problem: notRead}
		if text != nil {
			f = Scan(text)
		}
		p.files[name] = f
	}
	return p
}

// top reports whether the file is one that makes profiles: it stands in the folder
// itself and is not disabled.
func (p *Policy) top(name string) bool {
	_, off := p.files["disable/"+name]
	return !strings.Contains(name, "/") && !IgnoredName(name) && !off
}

// Profiles returns the profiles that the files at the top make, sorted by file,
// children and hats behind their parent: those of what a file includes, too. What is
// included in the block of a profile makes children of it. Variables in a name are
// replaced, as in the compiled policy; those in an attachment stand as they are.
func (p *Policy) Profiles() (list []Profile) {
	variables, makes := p.Variables(), p.makers()
	seen := make(map[[3]string]bool)
	var add func(profiles []Profile, parent, file string, depth int)
	var include func(includes []Include, parent, file string, depth int)
	add = func(profiles []Profile, parent, file string, depth int) {
		for _, profile := range profiles {
			profile.Name = parent + profileName(profile.Name, variables)
			profile.File = file
			list = append(list, profile)
			add(profile.Children, parent, file, depth)
			include(profile.Includes, profile.Name+"//", file, depth)
		}
	}
	include = func(includes []Include, parent, file string, depth int) {
		for _, i := range includes {
			to := p.resolve(i)
			if !makes[to] || depth > maxDepth {
				continue
			}
			for _, name := range p.below(to) {
				here := [3]string{file, parent, name}
				if seen[here] || len(list) > maxProfiles {
					continue
				}
				seen[here] = true
				add(p.files[name].Profiles, parent, file, depth+1)
				include(p.files[name].Includes, parent, file, depth+1)
			}
		}
	}
	for _, name := range p.names {
		if p.top(name) {
			add(p.files[name].Profiles, "", name, 0)
			include(p.files[name].Includes, "", name, 0)
		}
	}
	return list
}

// maxProfiles bounds files that include themselves: the parser takes none of those.
const maxProfiles = 1 << 16

// makers returns the files in which a profile stands, with all that include one of
// them by any chain, and their folders: in most policies few beside those at the top.
func (p *Policy) makers() map[string]bool {
	makes := make(map[string]bool)
	for again := true; again; {
		again = false
		for _, name := range p.names {
			f := p.files[name]
			found := len(f.Profiles) > 0
			p.edges(f.Includes, f.Profiles, "", func(i Include, _ string) { found = found || makes[p.resolve(i)] })
			if found && !makes[name] {
				makes[name], makes[path.Dir(name)], again = true, true, true
			}
		}
	}
	return makes
}

// below returns the file of that name, or what includes of the folder take in.
func (p *Policy) below(name string) []string {
	if _, ok := p.files[name]; ok {
		return []string{name}
	}
	var list []string
	for _, file := range p.names {
		if path.Dir(file) == name && !IgnoredName(file) {
			list = append(list, file)
		}
	}
	return list
}

// includable reports whether what stands in the file can be a part of a profile.
func (p *Policy) includable(name string) bool {
	return p.top(name) || strings.Contains(name, "/") && !IgnoredName(name)
}

// Variables returns the values that each variable has anywhere in the policy, since
// any file can be included, as written: they may hold variables themselves.
func (p *Policy) Variables() map[string][]string {
	variables := make(map[string][]string)
	for _, name := range p.names {
		if !p.includable(name) {
			continue
		}
		for _, v := range p.files[name].Variables {
			for _, value := range v.Values {
				if !slices.Contains(variables[v.Name], value) {
					variables[v.Name] = append(variables[v.Name], value)
				}
			}
		}
	}
	return variables
}

// Aliases returns the aliases that stand anywhere in the policy.
func (p *Policy) Aliases() (list []Alias) {
	for _, name := range p.names {
		if p.includable(name) {
			list = append(list, p.files[name].Aliases...)
		}
	}
	return list
}

// resolve returns the name below the folder of what is included, "" for what is
// not below it. A folder includes its files.
func (p *Policy) resolve(i Include) string {
	name := i.Path
	if !i.Magic && strings.HasPrefix(name, "/") {
		below, ok := strings.CutPrefix(path.Clean(name), p.dir+"/")
		if !ok {
			return ""
		}
		name = below
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// Includers returns the files at the top that reach the file through any chain of
// includes, sorted: all that can, among them those that could not be followed.
func (p *Policy) Includers(file string) (list []string) {
	reaches := map[string]bool{file: true, path.Dir(file): true}
	for again := true; again; {
		again = false
		for _, name := range p.names {
			if !reaches[name] && p.includesAny(p.files[name], reaches) {
				reaches[name], reaches[path.Dir(name)], again = true, true, true
			}
		}
	}
	for _, name := range p.names {
		if name != file && reaches[name] && p.top(name) {
			list = append(list, name)
		}
	}
	return list
}

// includesAny reports whether the file includes one of the files or folders, or
// something that is not known.
func (p *Policy) includesAny(f File, files map[string]bool) bool {
	if f.Problem != "" {
		return true
	}
	var any func(includes []Include, profiles []Profile) bool
	any = func(includes []Include, profiles []Profile) bool {
		for _, i := range includes {
			name := p.resolve(i)
			if name == "" || strings.Contains(name, "@{") || files[name] {
				return true
			}
		}
		for _, profile := range profiles {
			if any(profile.Includes, profile.Children) {
				return true
			}
		}
		return false
	}
	return any(f.Includes, f.Profiles)
}

// IgnoredName reports whether apparmor_parser passes over files of that name: what
// begins with a dot, README, what package managers and editors leave behind
// (libraries/libapparmor/src/private.c, _aa_is_blacklisted).
func IgnoredName(name string) bool {
	name = path.Base(name)
	if name == "" || name[0] == '.' || name == "README" {
		return true
	}
	for _, suffix := range []string{
		".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".pacsave", ".pacnew",
		".rpmnew", ".rpmsave", ".orig", ".rej", "~",
	} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

module example.org/keep

go 1.26.0

require github.com/sl-suite/sl v0.0.0

require (
	github.com/alecthomas/kong v1.17.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/sl-suite/sl => ../..

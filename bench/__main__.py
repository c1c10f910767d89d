from bench.campaign import main

main()

"""AFP beside the images of a published case (Ikeda 2021): where blood and scan disagree."""

import mrecist

patient = mrecist.example_case("ikeda-2021")
lines = mrecist.assess(patient).lines

for line in lines:
    course = mrecist.marker_course(line)
    print(course)
    for compared in course.beside_imaging():
        if compared.discordant:
            print(f"  on day {compared.date}: imaging {compared.response}, {compared.verdict}")

# A rule of response is one study's, and says from which day and floor it speaks.
print()
print(mrecist.marker_course(lines[0]).response("AFP-R50-TACE"))

# A gate names each condition; what is not known is neither passed nor failed. The report states
# Child-Pugh A, but not ECOG, and ramucirumab was not given for other reasons: ileus, proteinuria.
print()
last = mrecist.marker_course(lines[2]).last
agents = [agent for line in lines[:3] for agent in line.line.agents]
print(mrecist.RAMUCIRUMAB.judge(afp_ng_ml=last.value.level, prior_agents=agents, child_pugh="A"))
